import { type JWK, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { countUses, useCounter } from './count-uses.ts';
import { hideMachineScopes } from './discovery-scopes.ts';
import { createEndingAccess, tellLogout } from './ending-access.ts';
import type { OidcGateway, SessionSummary } from './gateway.ts';
import { createInteractions } from './interactions.ts';
import { type Mounted, mountProvider } from './mount.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { plainCodes } from './plain/plain-codes.ts';
import { plainEndpoints } from './plain/plain-endpoints.ts';
import { plainParts } from './plain/plain-parts.ts';
import { plainSignIn } from './plain/plain-sign-in.ts';
import { answerOutage } from './protocol-answers.ts';
import { watchErrors } from './protocol-errors.ts';
import { clientAdapter } from './provider-clients.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { type ExtendedProvider, extendProvider } from './provider-extensions.ts';
import { createPublicDocuments, type PublicDocuments } from './public-documents.ts';
import { authLevelOfAmr } from './session-strength.ts';
import { finishEmptyLogout } from './sign-out.ts';
import { createSubjects } from './subjects.ts';

export type Oidc = Mounted & {
  gateway: OidcGateway;
  /** Takes new signing keys; requests under way end with the old ones. */
  rebuild(keys: readonly JWK[]): void;
  /** To be called when this process has changed or disabled a client. */
  forgetClient(clientId: string): void;
};

/** The protocol engine: oidc-provider with our rules, behind the gateway that features see. */
export function createOidc(deps: OidcDeps, keys: readonly JWK[]): Oidc {
  const subjects = createSubjects(deps);
  const clients = clientAdapter(deps);
  // An arrow function: oidc-provider calls anything that can be a constructor with `new`.
  const adapterFor = (model: string): ReturnType<typeof clientAdapter> =>
    model === 'Client' ? clients : deps.protocolStore.adapterFor(model);

  const outages = answerOutage(deps);
  const countUse = useCounter(deps);
  let current: { provider: Provider; extended: ExtendedProvider; documents: PublicDocuments };
  const provider = (): Provider => current.provider;
  const ending = createEndingAccess(deps, provider);

  const build = (signingKeys: readonly JWK[]): typeof current => {
    const built = new Provider(
      deps.config.issuer,
      providerConfiguration(deps, { adapterFor, subjects, keys: signingKeys, provider, ending }),
    );
    const extended = extendProvider(built, deps, (notice) => ending.notify([notice]));
    const documents = createPublicDocuments();
    built.use((ctx, next) => outages(ctx as KoaContextWithOIDC, next));
    built.use(finishEmptyLogout);
    built.use(countUses(countUse));
    built.use((ctx, next) => documents.keep(ctx as KoaContextWithOIDC, next));
    built.use(hideMachineScopes);
    watchErrors(built, deps);
    return { provider: built, extended, documents };
  };
  current = build(keys);

  deps.outbox.handle('backchannel_logout', (payload) =>
    tellLogout(current.provider, current.extended.sendLogout, payload),
  );
  deps.outbox.handle('end_access', (payload) => ending.endAccess(String(payload['accountId'])));

  const parts = plainParts(deps, { subjects, countUse });
  const codes = plainCodes(parts);
  const signIn = plainSignIn(parts, codes);
  const gateway: OidcGateway = {
    ...createInteractions({ ...deps, provider, ending, ahead: { ...parts, ...signIn } }),
    async listSessions(accountId) {
      return (await deps.protocolStore.listSessions(accountId)).flatMap(summaryOf);
    },
    endSession: (accountId, sessionUid) => ending.endSession(accountId, sessionUid),
    endAccess: (accountId, options) => ending.endAccess(accountId, options),
    endGrant: (accountId, clientId) => ending.endGrant(accountId, clientId),
    async findMachineToken(token) {
      const found = token.includes('\0') ? undefined : await provider().ClientCredentials.find(token);
      if (found?.clientId === undefined || !found.isValid) return undefined;
      // Of a client that was disabled since nothing is left.
      const client = await provider().Client.find(found.clientId);
      return client && { clientId: client.clientId, scopes: (found.scope ?? '').split(' ') };
    },
  };
  return {
    gateway,
    ...mountProvider(() => current, plainEndpoints(deps, parts, { codes, signIn })),
    rebuild(newKeys) {
      current = build(newKeys);
    },
    forgetClient(clientId) {
      current.extended.clients.forget(clientId);
    },
  };
}

type StoredSession = Awaited<ReturnType<OidcDeps['protocolStore']['listSessions']>>[number];

function summaryOf(session: StoredSession): SessionSummary[] {
  const authLevel = authLevelOfAmr(session.amr);
  if (session.loginAt === undefined || session.expiresAt === undefined || authLevel === 0) return [];
  return [
    {
      uid: session.uid,
      signedInAt: session.loginAt,
      expiresAt: session.expiresAt,
      authLevel,
      clientIds: session.clients.map(({ clientId }) => clientId),
    },
  ];
}
