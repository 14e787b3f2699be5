import type { developersVi } from './developers.vi.ts';
import type { Texts } from './texts.ts';

export const developersEn: Texts<typeof developersVi> = {
  'developers.title': 'For developers',
  'developers.lead':
    'Connect your service by standard OpenID Connect: the authorization code flow with PKCE. Any OIDC library needs no more than the address below.',
  'developers.statistics': 'Statistics, open data (OpenAPI)',
  'developers.discovery': 'Discovery',
  'developers.contents': 'On this page',

  'developers.first_token': 'A first token, with curl',
  'developers.first_token_text':
    'Three commands that work as they are. The first prints the redirect that holds the code; a code lives 60 seconds and can be redeemed once.',
  'developers.first_token_note':
    'login_hint=persona:… signs a persona in without any page. Leave it out and open the address in a browser to see what a citizen sees.',
  'developers.first_token_production':
    'Put in your own client_id and redirect_uri, and open the first address in a browser: the citizen signs in, sees what the service asks for, and decides.',
  'developers.step_code': '1. Ask for a code',
  'developers.step_token': '2. Redeem the code',
  'developers.step_userinfo': '3. Read the claims',

  'developers.endpoints': 'Endpoints',
  'developers.endpoints_caption': 'All of them are in the discovery document; do not hard-code them',
  'developers.endpoint': 'Address',
  'developers.endpoint_for': 'What for',
  'developers.endpoint_authorize': 'Send the citizen here to sign in and consent (code, PKCE S256)',
  'developers.endpoint_token': 'Redeem a code, refresh, client_credentials',
  'developers.endpoint_userinfo': 'The claims the citizen agreed to',
  'developers.endpoint_jwks': 'Public keys to check signatures with',
  'developers.endpoint_par': 'Pushed authorization requests (PAR, RFC 9126)',
  'developers.endpoint_register': 'Client registration (RFC 7591)',
  'developers.endpoint_introspect': 'Token introspection (RFC 7662)',
  'developers.endpoint_revoke': 'Token revocation (RFC 7009)',
  'developers.endpoint_logout': 'Logout started by a relying party',

  'developers.clients': 'Ready clients',
  'developers.clients_text': 'In the sandbox only. Everybody knows their secrets, so they are worth nothing elsewhere.',
  'developers.clients_caption': 'They work at once',
  'developers.client_name': 'Name',
  'developers.client_auth': 'Client authentication',
  'developers.client_least': 'Least levels',
  'developers.client_least_text': 'account {account}, authentication {auth}',

  'developers.scopes': 'Scopes and claims',
  'developers.scopes_text':
    'A claim is told only when three things hold at once: its scope was asked for, the citizen agreed, and the account stands at the level needed when it is told. Ask for little: the citizen sees every scope.',
  'developers.scopes_caption': 'Which scope opens which claims',
  'developers.scope': 'Scope',
  'developers.claims': 'Claims',
  'developers.least_level': 'Least account level',
  'developers.any_level': 'Any',
  'developers.level': 'Level {level}',
  'developers.level_with_basis': 'Level {level} and a recorded legal basis',
  'developers.scope_audience': 'No claims; an audience of access tokens (resource)',
  'developers.scope_refresh': 'No claims; gives a refresh token',
  'developers.sub':
    'sub is a random value of each service (pairwise): two services cannot join their users. Two clients whose redirects share a host and port share a sub. A citizen id can never be derived from it.',
  'developers.legacy':
    'The claim names of older integrations (citizenPid, fullName, birthDate, accountType, accountLevel) can be switched on for a client at its registration; they mean the same.',

  'developers.levels': 'Two kinds of level, never to be mixed',
  'developers.levels_text':
    'acr says how strongly the citizen signed in this time. account_level says how well the person was proofed when the account was granted. A person of level 2 may sign in with a password alone (acr 1), and the other way round.',
  'developers.acr_caption': 'acr: the strength of this session, weakest first',
  'developers.acr_how': 'Signed in by',
  'developers.acr_today': 'Offered today',
  'developers.acr_1': 'One factor: a password',
  'developers.acr_2': 'Two different factors: a password and a code by text message or authenticator app',
  'developers.acr_3': 'Two factors or more, one of them biometric',
  'developers.acr_4': 'A biometric, something possessed and something known',
  'developers.yes': 'Yes',
  'developers.not_yet': 'Not yet',
  'developers.account_level_caption': 'account_level: the level of the account (scope account)',
  'developers.account_level_1': 'Registered remotely: citizen id, full name, date of birth, gender, portrait',
  'developers.account_level_2': 'Registered in person, with face and fingerprints; comes with the electronic id card',
  'developers.acr_values':
    'Ask for a strength with acr_values: that is voluntary, and the token tells honestly what was reached. To insist, use the claims parameter: what cannot be met ends in the error unmet_authentication_requirements, never in a weaker token. Compare the acr you receive by order: more is enough, too.',
  'developers.acr_essential': 'Insisting on two factors: the value of the claims parameter',
  'developers.fresh':
    'For what matters most ask for a fresh sign-in, with prompt=login or max_age, and check auth_time yourself. amr lists each factor as RFC 8176 names it: pwd, sms, otp, mfa.',

  'developers.errors': 'Errors',
  'developers.errors_text':
    'Protocol errors are those of OAuth and OpenID Connect. What is private to a person (locked, deceased, level too low) is shown to that person on a page of ours; to the service all of it is one access_denied with one text.',
  'developers.errors_caption': 'Which error, and what to do',
  'developers.error': 'Error',
  'developers.error_means': 'What it means, what to do',
  'developers.error_access_denied':
    'The citizen declined, or the account cannot be used for this service. Offer a way back; do not guess the reason.',
  'developers.error_unmet':
    'The strength that you insist on cannot be reached. Ask for less if your business allows, or offer another way.',
  'developers.error_login_required':
    'prompt=none, but there is no session that fits (one that is too weak included). Ask again without prompt=none.',
  'developers.error_consent_required':
    'prompt=none, but something has not been agreed to. Ask again without prompt=none.',
  'developers.error_invalid_request':
    'A parameter is missing or wrong; most often code_challenge. Read error_description.',
  'developers.error_invalid_client': 'Wrong client_id, secret or way of client authentication.',
  'developers.error_invalid_grant':
    'The code or refresh token was used, expired or revoked, or code_verifier does not match. Start again; an old refresh token used twice ends its whole chain.',
  'developers.error_invalid_scope': 'A scope that this client may not ask for.',
  'developers.error_invalid_target': 'The resource does not exist or is not allowed.',
  'developers.error_redirect':
    'redirect_uri does not match a registered one character by character: the error is shown on a page of ours with a reference number, without a redirect.',

  'developers.register': 'Registering a client',
  'developers.register_sandbox':
    'In the sandbox dynamic registration (RFC 7591) is open to everybody. A client registered in this way never gets citizen_id.',
  'developers.register_production':
    'In production an operator registers the client with its purpose and legal basis; its secret is shown once.',
  'developers.register_curl': 'Dynamic registration',
  'developers.register_cli': 'By an operator',

  'developers.refresh': 'Refresh tokens',
  'developers.refresh_text':
    'Ask for offline_access with prompt=consent. Each use gives a new token and ends the old one; if an old one is used again, the whole chain is revoked. Withdrawn consent or a locked account ends every token at once.',
  'developers.machine': 'Machine to machine',
  'developers.machine_text': "client_credentials: no citizen, nobody's sub.",
  'developers.resource': 'Access tokens for an API of your own (resource indicators, RFC 8707)',
  'developers.resource_text':
    'Access tokens are opaque and for this provider alone. Ask for a resource to get a JWT for exactly one API. It lives 60 seconds at most: a JWT cannot be recalled, so it must not live long.',
  'developers.par': 'Pushed authorization requests (PAR)',
  'developers.par_text':
    'Send the parameters from your server and let the browser carry no more than a request_uri: nobody can read or change the request.',
  'developers.private_key_jwt': 'Client authentication by key (private_key_jwt)',
  'developers.private_key_jwt_text':
    'In place of a shared secret: register jwks or jwks_uri, and sign a short-lived JWT with your private key (ES256) for each call. iss and sub are the client_id, aud is the issuer, jti is used once.',
  'developers.assertion': 'Claims of the client_assertion',
  'developers.logout': 'Logout',
  'developers.logout_text':
    'Send the browser to the logout endpoint with id_token_hint. The other way: register backchannel_logout_uri, and a logout_token (a JWT with sid and sub) is sent when the session ends, the account is locked or consent is withdrawn; it is sent again some times until the service answers 200.',
  'developers.checklist': 'Before you go live',
  'developers.check_1':
    'Check iss, aud, exp, nonce and the signature of the id_token; take keys from the JWKS and load it again at an unknown kid.',
  'developers.check_2': 'Compare acr by order, and check auth_time where you asked for max_age.',
  'developers.check_3': 'Know your user by the pair of iss and sub, not by phone number or email.',
  'developers.check_4': 'A new state and nonce every time; redirect_uri over https.',
  'developers.check_5': 'Handle access_denied, and never show the citizen a blank page.',
  'developers.sandbox_more': 'Personas, inbox, making new people',
};
