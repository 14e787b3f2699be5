import { appendAudit } from '../audit/audit-store.ts';
import type { AccountLevel, AuthLevel } from '../domain/assurance.ts';
import type { AuditActor } from '../domain/audit-event.ts';
import { REPORT_SCOPE } from '../domain/rp-total.ts';
import type { Clock } from '../platform/clock.ts';
import { type Db, inTransaction, isUniqueViolation } from '../platform/database.ts';
import { newSecret } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import { clientSecretHmac } from './client-secret.ts';
import { changeToDisabled, insertClient, type NewClient, putClient } from './client-store.ts';
import { type ReadyClientsConfig, readyClients } from './ready-clients.ts';

export type RelyingPartyDeps = { db: Db; vault: Vault; clock: Clock };

/** How a client proves itself at the token endpoint; `none` is a public client, with PKCE always. */
export type ClientAuthentication =
  | { method: 'client_secret_basic' | 'client_secret_post' | 'none' }
  | { method: 'private_key_jwt'; jwksUri: string };

export type ClientRegistration = {
  id: string;
  name: { vi: string; en: string };
  purpose?: { vi: string; en: string };
  kind: 'web' | 'native' | 'machine';
  authentication: ClientAuthentication;
  redirectUris: string[];
  postLogoutRedirectUris?: string[];
  backchannelLogoutUri?: string;
  /** Scopes it may ask for; all but `citizen_id` unless told. */
  scopes?: string[];
  essentialScopes?: string[];
  leastAccountLevel?: AccountLevel;
  leastAuthLevel?: AuthLevel;
  legalBasis?: string;
  subjectType?: 'pairwise' | 'public';
  hasLegacyClaimNames?: boolean;
  mayIntrospectAll?: boolean;
  requiresPushedRequests?: boolean;
  /** A machine that reports the totals of this relying party. */
  reportsFor?: string;
};

export type RegistrationOutcome =
  /** `secret` is there once, here. */
  { kind: 'registered'; clientId: string; secret?: string } | { kind: 'id_taken' };

/** Registers a relying party on behalf of an operator. Metadata that the protocol refuses is refused when it is first used, so a command
 *  validates it before (`validateClient` of the gateway). */
export async function registerClient(
  deps: RelyingPartyDeps,
  registration: ClientRegistration,
  actor: AuditActor,
): Promise<RegistrationOutcome> {
  const now = deps.clock();
  const { authentication } = registration;
  const hasSecret = authentication.method === 'client_secret_basic' || authentication.method === 'client_secret_post';
  const secret = hasSecret ? newSecret() : undefined;
  const client = clientOf(registration, secret === undefined ? undefined : clientSecretHmac(deps.vault, secret));
  try {
    await inTransaction(deps.db, async (tx) => {
      await insertClient(tx, client, now);
      await appendAudit(tx, { at: now, actor, action: 'client.registered', detail: { client: client.id } });
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'id_taken' };
    throw error;
  }
  return { kind: 'registered', clientId: client.id, ...(secret === undefined ? {} : { secret }) };
}

/** A relying party that registered itself (RFC 7591): never with a legal basis, and without anything that only an operator may say. */
export async function registerDynamicClient(
  deps: RelyingPartyDeps,
  client: { id: string; metadata: Record<string, unknown>; secretHmac?: string; name: string },
): Promise<void> {
  const now = deps.clock();
  const { name, ...rest } = client;
  await inTransaction(deps.db, async (tx) => {
    await insertClient(
      tx,
      {
        ...rest,
        origin: 'dynamic',
        name: { vi: name, en: name },
        leastAccountLevel: 1,
        leastAuthLevel: 1,
        essentialScopes: ['openid'],
        claimNames: 'standard',
        mayIntrospectAll: false,
      },
      now,
    );
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'client', id: client.id },
      action: 'client.registered',
      detail: { client: client.id },
    });
  });
}

/** No new sign-in and no token from now on; within seconds in other processes. @returns false when there was nothing to disable. */
export async function disableClient(
  deps: RelyingPartyDeps,
  id: string,
  by: { actor: AuditActor; reason: string },
): Promise<boolean> {
  const now = deps.clock();
  return inTransaction(deps.db, async (tx) => {
    if (!(await changeToDisabled(tx, id, now))) return false;
    await appendAudit(tx, {
      at: now,
      actor: by.actor,
      action: 'client.disabled',
      reason: by.reason,
      detail: { client: id },
    });
    return true;
  });
}

/** Puts the clients that are there from the start, at every start: their addresses follow the configuration. */
export async function putReadyClients(deps: RelyingPartyDeps, config: ReadyClientsConfig): Promise<void> {
  const now = deps.clock();
  for (const { secret, ...client } of readyClients(config)) {
    const kept =
      secret ?? (client.metadata['token_endpoint_auth_method'] === 'client_secret_basic' ? newSecret() : undefined);
    const secretHmac = kept === undefined ? {} : { secretHmac: clientSecretHmac(deps.vault, kept) };
    await putClient(deps.db, { ...client, ...secretHmac }, now);
  }
}

function clientOf(registration: ClientRegistration, secretHmac: string | undefined): NewClient {
  return {
    id: registration.id,
    origin: 'operator',
    name: registration.name,
    leastAccountLevel: registration.leastAccountLevel ?? 1,
    leastAuthLevel: registration.leastAuthLevel ?? 1,
    essentialScopes: registration.essentialScopes ?? ['openid'],
    claimNames: registration.hasLegacyClaimNames === true ? 'legacy' : 'standard',
    mayIntrospectAll: registration.mayIntrospectAll === true,
    metadata: metadataOf(registration),
    ...(secretHmac === undefined ? {} : { secretHmac }),
    ...(registration.purpose === undefined ? {} : { purpose: registration.purpose }),
    ...(registration.legalBasis === undefined ? {} : { legalBasis: registration.legalBasis }),
    ...(registration.reportsFor === undefined ? {} : { reportsFor: registration.reportsFor }),
  };
}

function scopesOfKind(kind: ClientRegistration['kind']): string[] | undefined {
  // Without a person behind it a token is for what an operator listed alone.
  return kind === 'machine' ? [REPORT_SCOPE] : undefined;
}

function metadataOf(registration: ClientRegistration): Record<string, unknown> {
  const { authentication, kind } = registration;
  const isMachine = kind === 'machine';
  const scopes = registration.scopes ?? scopesOfKind(kind);
  return {
    application_type: kind === 'native' ? 'native' : 'web',
    grant_types: isMachine ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    response_types: isMachine ? [] : ['code'],
    redirect_uris: registration.redirectUris,
    token_endpoint_auth_method: authentication.method,
    id_token_signed_response_alg: 'ES256',
    // A machine has nobody to be pairwise about, and no redirect to take a sector from.
    subject_type: isMachine ? 'public' : (registration.subjectType ?? 'pairwise'),
    ...('jwksUri' in authentication ? { jwks_uri: authentication.jwksUri } : {}),
    ...(scopes === undefined ? {} : { scope: scopes.join(' ') }),
    ...(registration.postLogoutRedirectUris === undefined
      ? {}
      : { post_logout_redirect_uris: registration.postLogoutRedirectUris }),
    ...(registration.backchannelLogoutUri === undefined
      ? {}
      : { backchannel_logout_uri: registration.backchannelLogoutUri, backchannel_logout_session_required: true }),
    ...(registration.requiresPushedRequests === true ? { require_pushed_authorization_requests: true } : {}),
  };
}
