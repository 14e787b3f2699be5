import { LRUCache } from 'lru-cache';
import type { Client, Interaction, Provider, Session } from 'oidc-provider';
import { isSignInOver } from '../domain/account.ts';
import { claimsAskedFor } from './claims-parameter.ts';
import { findStanding } from './find-account.ts';
import type { AskingClient, CitizenSession, InteractionView } from './gateway.ts';
import { findGrant } from './grants.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { mustRegistrationOf } from './provider-clients.ts';
import { mandatoryAuthLevel, requestedAcr, wantedAuthLevel } from './requested-acr.ts';
import { authLevelOfAmr, factorsOfAmr } from './session-strength.ts';

type Deps = Pick<OidcDeps, 'db' | 'clock'>;

/** A session as our pages see it; undefined when its account may not be used now. */
export async function citizenSession(deps: Deps, session: Session | undefined): Promise<CitizenSession | undefined> {
  if (session?.accountId === undefined || session.loginTs === undefined) return undefined;
  const authLevel = authLevelOfAmr(session.amr);
  if (authLevel === 0) return undefined;
  const standing = await findStanding(deps.db, session.accountId);
  const signedInAt = new Date(session.loginTs * 1000);
  if (standing === undefined || isSignInOver(standing.account.accessEnd, { at: signedInAt, sessionUid: session.uid }))
    return undefined;
  return {
    uid: session.uid,
    accountId: session.accountId,
    authLevel,
    factors: factorsOfAmr(session.amr),
    signedInAt,
  };
}

/** Checks of the login prompt after which a session that is there must not be built upon. */
const NEW_SIGN_IN = ['login_requested', 'max_age', 'other_person'];
/** Checks of the consent prompt after which everything is asked again. */
const ASK_ALL = ['consent_requested', 'native_client_prompt'];

/** With the session that it began in, where there was one. */
export type OpenedInteraction = { interaction: Interaction; session?: Session };
/** What a page is told of. */
type Viewed = { interaction: Pick<Interaction, 'uid' | 'params' | 'prompt' | 'session'>; session?: Session };

export async function interactionView(
  deps: Deps,
  provider: Provider,
  { interaction, session: begunIn }: Viewed,
): Promise<InteractionView> {
  const { params, prompt } = interaction;
  const client = await provider.Client.find(textOf(params['client_id']));
  if (client === undefined) throw new Error('an interaction whose client is gone');
  const acr = requestedAcr(params);
  const mandatory = mandatoryAuthLevel(acr, mustRegistrationOf(client).leastAuthLevel);
  const session = await citizenSession(deps, begunIn);
  const hint = params['login_hint'];
  return {
    uid: interaction.uid,
    prompt: prompt.name as InteractionView['prompt'],
    reasons: prompt.reasons,
    client: askingClient(client, textOf(params['redirect_uri'])),
    requiredAuthLevel: mandatory.kind === 'cannot_be_met' ? 'cannot_be_met' : wantedAuthLevel(acr, mandatory.level),
    hasEssentialAcr: acr.essential.length > 0,
    mustSignInAgain: prompt.reasons.some((reason) => NEW_SIGN_IN.includes(reason)),
    ...(session === undefined ? {} : { session }),
    ...(typeof hint === 'string' ? { loginHint: hint } : {}),
    ...(typeof params['ui_locales'] === 'string' ? { uiLocales: params['ui_locales'] } : {}),
    ...(prompt.name === 'consent' ? { consent: await askedConsent(deps, provider, interaction) } : {}),
  };
}

function askingClient(client: Client, redirectUri: string): AskingClient {
  const registration = mustRegistrationOf(client);
  return {
    id: registration.id,
    name: registration.name,
    purpose: registration.purpose ?? { vi: '', en: '' },
    leastAccountLevel: registration.leastAccountLevel,
    leastAuthLevel: registration.leastAuthLevel,
    essentialScopes: registration.essentialScopes,
    hasLegalBasis: registration.legalBasis !== undefined,
    redirectOrigin: originOf(redirectUri),
  };
}

/** Of services: to take an address apart costs as much as a look-up. */
const origins = new LRUCache<string, string>({ max: 1_000 });

function originOf(redirectUri: string): string {
  const known = origins.get(redirectUri) ?? originIn(redirectUri);
  origins.set(redirectUri, known);
  return known;
}

/** A native app's `com.example:/callback` has no origin; its scheme stands for it. */
function originIn(redirectUri: string): string {
  const parsed = URL.parse(redirectUri);
  if (parsed === null) return '';
  return parsed.origin === 'null' ? parsed.protocol : parsed.origin;
}

async function askedConsent(
  deps: Deps,
  provider: Provider,
  { params, session, prompt }: Viewed['interaction'],
): Promise<NonNullable<InteractionView['consent']>> {
  const scopes = textOf(params['scope'])
    .split(' ')
    .filter((scope) => scope !== '');
  const { names, essential } = claimsAskedFor(params['claims']);
  const grant =
    session === undefined
      ? undefined
      : await findGrant({ db: deps.db, clock: deps.clock }, provider, {
          accountId: session.accountId,
          clientId: textOf(params['client_id']),
        });
  const resources = Object.keys(grant?.resources ?? {});
  const given = [
    ...(grant?.getOIDCScope() ?? '').split(' '),
    ...resources.flatMap((one) => grant?.getResourceScope(one).split(' ') ?? []),
  ];
  const answered = [
    ...(grant?.getOIDCScopeEncountered() ?? '').split(' '),
    ...resources.flatMap((one) => grant?.getResourceScopeEncountered(one).split(' ') ?? []),
  ];
  const asksAll = prompt.reasons.some((reason) => ASK_ALL.includes(reason));
  const isOpen = (item: string, known: readonly string[]): boolean => asksAll || !known.includes(item);
  return {
    scopes: scopes.filter((scope) => isOpen(scope, answered)),
    claims: names.filter((claim) => isOpen(claim, grant?.getOIDCClaimsEncountered() ?? [])),
    essentialClaims: essential,
    givenScopes: scopes.filter((scope) => given.includes(scope)),
    givenClaims: names.filter((claim) => grant?.getOIDCClaims().includes(claim) === true),
  };
}

function textOf(parameter: unknown): string {
  return typeof parameter === 'string' ? parameter : '';
}
