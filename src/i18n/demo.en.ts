import type { demoVi } from './demo.vi.ts';
import type { Texts } from './texts.ts';

export const demoEn: Texts<typeof demoVi> = {
  'demo.ribbon':
    'A demo service, not the real site of any authority. Everyone here is fictional; nothing you type is kept.',
  'demo.sign_out': 'Sign out',
  'demo.signed_in_as': 'Signed in: {name}',
  'demo.signed_in_nameless': 'Signed in',
  'demo.account': 'Your session',
  'demo.nav_home': 'Start page',
  'demo.nav_received': 'What the service received',
  'demo.nav_provider': 'Identity provider',
  'demo.footer_about': 'Source in src/demo. This service knows the provider only through discovery and HTTP.',
  'demo.sign_in': 'Sign in with your identity account',
  'demo.asked_title': 'What the service will ask for',
  'demo.asked_data': 'Information',
  'demo.asked_strength': 'Authentication',
  'demo.asked_account': 'Account',
  'demo.strength_1': 'Level 1: one factor, such as a password',
  'demo.strength_2': 'Level 2: two different factors, such as a password and a code on your phone',
  'demo.account_level_1': 'Level 1 or more',
  'demo.account_level_2': 'Level 2',
  'demo.persona_title': 'For testers: sign in at once as a persona',
  'demo.persona_text':
    'Sends login_hint=persona:… so that the provider signs that persona in without showing a page. Sandbox only.',
  'demo.persona': 'Persona',
  'demo.persona_l2_active': 'l2-active – adult, level 2',
  'demo.persona_l1_active': 'l1-active – adult, level 1',
  'demo.persona_teen': 'teen – aged 15, level 2',
  'demo.persona_foreigner': 'foreigner – resident foreigner, level 2',
  'demo.persona_pending': 'pending – granted, not activated yet',
  'demo.persona_locked': 'locked – locked at the holder’s request',
  'demo.persona_button': 'Sign in as this persona',
  'demo.ended_title': 'Your session at this service has ended',
  'demo.ended_text':
    'The identity provider has just told us (back-channel logout) that your session is over: you signed out elsewhere, withdrew your consent, or the account was locked.',
  'demo.ended_token': 'The notice we received (logout_token)',
  'demo.signed_out_title': 'You are signed out',
  'demo.signed_out_text':
    'Your session at this service has ended. So has the one at the identity provider, unless you have just chosen to keep it.',
  'demo.again': 'Sign in again',

  'demo.failure_title': 'You are not signed in',
  'demo.failure_action_title': 'That did not work',
  'demo.failure_next': 'What to do',
  'demo.failure_details': 'Details for integrators',
  'demo.failure_code': 'Error code',
  'demo.failure_description': 'error_description',
  'demo.failure_source': 'Who says so',
  'demo.failure_from_provider': 'The provider answered this (OAuth 2.0, OpenID Connect)',
  'demo.failure_from_us': 'This service checked for itself and refused',
  'demo.failure_home': 'Back to the start page of the service',
  'demo.failure_access_denied':
    'There is no permission: you did not agree, or the account cannot be used for this service yet. The provider does not tell the service which.',
  'demo.failure_access_denied_next':
    'If you change your mind, try again. If the page before this one said that the account does not qualify, follow what it said; the other ways of this service remain open.',
  'demo.failure_unmet_authentication_requirements':
    'The service requires a stronger authentication than this sign-in reached.',
  'demo.failure_unmet_authentication_requirements_next':
    'Add a second way to sign in (codes by phone or an app) on your account page and try again.',
  'demo.failure_login_required':
    'The service asked for no page to be shown, but you are not signed in at the provider.',
  'demo.failure_login_required_next': 'Sign in the usual way, with the sign-in page.',
  'demo.failure_consent_required': 'Your consent is needed, but the service asked for no page to be shown.',
  'demo.failure_consent_required_next': 'Sign in the usual way, to see what is asked and decide.',
  'demo.failure_interaction_required':
    'You have a step to take at the provider, but the service asked for no page to be shown.',
  'demo.failure_interaction_required_next': 'Sign in the usual way.',
  'demo.failure_invalid_request':
    'The service’s request has a wrong or missing parameter. The fault is with the service, not with you.',
  'demo.failure_invalid_request_next':
    'Tell the service. Integrators: read error_description and compare with the documentation.',
  'demo.failure_invalid_scope': 'The service asked for a scope that it is not registered for.',
  'demo.failure_invalid_scope_next': 'Integrators: ask only for scopes of the client’s registration.',
  'demo.failure_invalid_target': 'There is no such resource, or this account may not be given access to it.',
  'demo.failure_invalid_target_next':
    'Integrators: compare the resource parameter with the registration; the account must have the level.',
  'demo.failure_invalid_client': 'The provider does not recognise the service: its secret or key does not match.',
  'demo.failure_invalid_client_next':
    'Integrators: compare client_id, the authentication method and the key at jwks_uri with the registration; the clock must be right.',
  'demo.failure_unauthorized_client': 'The service is not registered for this kind of call.',
  'demo.failure_unauthorized_client_next': 'Integrators: see grant_types and response_types of the registration.',
  'demo.failure_invalid_grant':
    'The code or refresh token can no longer be used: used before, expired, or revoked by a lock or a withdrawn consent.',
  'demo.failure_invalid_grant_next': 'Sign in again. Never send a used code or refresh token a second time.',
  'demo.failure_invalid_token':
    'The access token can no longer be used: expired, revoked, or not meant for its receiver.',
  'demo.failure_invalid_token_next': 'Refresh it if there is a refresh token; otherwise sign in again.',
  'demo.failure_insufficient_scope': 'The access token lacks the scope that its receiver demands.',
  'demo.failure_insufficient_scope_next': 'Integrators: ask for that scope at sign-in.',
  'demo.failure_temporarily_unavailable': 'The provider is overloaded or under maintenance.',
  'demo.failure_temporarily_unavailable_next': 'Wait a minute and try again.',
  'demo.failure_server_error': 'The provider met an unexpected error.',
  'demo.failure_server_error_next': 'Try again later; if it stays, report it with the time at which it happened.',
  'demo.failure_state_unknown':
    'This answer belongs to no sign-in that waits in this browser: too late, already used, or started elsewhere.',
  'demo.failure_state_unknown_next': 'Start the sign-in again from this page.',
  'demo.failure_provider_unreachable': 'The identity provider cannot be reached.',
  'demo.failure_provider_unreachable_next': 'See that the provider runs at the address ISSUER, then try again.',
  'demo.failure_response_invalid':
    'The answer did not pass a check (signature, iss, aud, nonce, lifetime …), so the service does not trust it.',
  'demo.failure_response_invalid_next': 'Try again. Integrators: never skip this check.',
  'demo.failure_acr_too_low': 'The acr of the id_token is below what the service needs, so no session was opened.',
  'demo.failure_acr_too_low_next': 'Sign in again with two factors.',
  'demo.failure_other': 'The provider returned an error whose name this service does not know.',
  'demo.failure_other_next': 'Try again. Integrators: look the code up in IANA’s registry of OAuth errors.',

  'demo.forged_title': 'This form was not taken',
  'demo.forged_text':
    'It was not sent from a page of this service, or the session is over. Open the page again and send it once more.',
  'demo.not_found_title': 'There is no such page',
  'demo.not_found_text': 'The address may be mistyped.',
  'demo.unexpected_title': 'The demo service met an error',
  'demo.unexpected_text': 'It has been logged. Please try again.',
};
