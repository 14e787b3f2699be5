import { insertConsent } from './accounts/consent-store.ts';
import { findCredential } from './accounts/credential-store.ts';
import { recordRpUse } from './accounts/rp-use-store.ts';
import { appendAudit } from './audit/audit-store.ts';
import type { Config } from './config.ts';
import { consentTextVersion } from './domain/consent.ts';
import { openProtocolStore } from './oidc/adapters/open-protocol-store.ts';
import { createOidc, type Oidc } from './oidc/create-oidc.ts';
import type { OidcDeps, PersonaDeps } from './oidc/oidc-deps.ts';
import { generateSigningKeys, loadSigningKeys } from './oidc/signing-keys.ts';
import type { Clock } from './platform/clock.ts';
import { type Db, inTransaction } from './platform/database.ts';
import { newId } from './platform/ids.ts';
import type { Log } from './platform/log.ts';
import type { Outbox } from './platform/outbox.ts';
import type { CountOutcome } from './platform/outcomes.ts';
import { pulseOf } from './platform/postgres-register.ts';
import type { Vault } from './platform/vault.ts';
import { clientSecretHmac, isClientSecret } from './relying-parties/client-secret.ts';
import { findClient, replaceSecretHmac } from './relying-parties/client-store.ts';
import { putReadyClients, registerDynamicClient } from './relying-parties/register-client.ts';
import { personaAccount } from './sandbox/persona-account.ts';
import { recordSignIn } from './sign-in/record-sign-in.ts';
import { findApiToken } from './statistics/stores/api-token-store.ts';

/** What the protocol engine is made of: the part of the assembled app that is there before it. */
export type OidcParts = {
  config: Config;
  clock: Clock;
  log: Log;
  vault: Vault;
  db: Db;
  outbox: Outbox;
  countOutcome?: CountOutcome;
};

export type AssembledOidc = Oidc & {
  ping(): Promise<void>;
  /** Of Redis, where there is one. */
  isCircuitOpen: (() => boolean) | undefined;
  /** Of protocol state; undefined where none of it lies in PostgreSQL. */
  statementsUnderWay: (() => number) | undefined;
  /** Deletes expired sessions and tokens, a bounded number of rows. */
  sweep(): Promise<void>;
  /** Takes the signing keys again if they were rotated since. @returns whether they were. */
  reloadKeys(): Promise<boolean>;
  close(): Promise<void>;
};

const SWEEP_ROWS = 500;
const SWEEP_BATCHES = 40;

/** The protocol engine with its stores, keys and the functions of other features that it needs. The sandbox makes missing keys. */
export async function assembleOidc(parts: OidcParts): Promise<AssembledOidc> {
  const { config, clock } = parts;
  if (!config.isProduction) await generateSigningKeys(config.keysFolder, clock());
  let { jwks } = await loadSigningKeys(config.keysFolder);
  await putReadyClients(parts, config);
  const protocolStore = await openProtocolStore(config, { ...parts, pulse: pulseOf(parts.db) });
  const deps: OidcDeps = {
    ...parts,
    protocolStore,
    clients: clientsOf(parts),
    countError: ({ code }) => parts.countOutcome?.('oauth', code),
    recordUse: (use) => recordRpUse(parts.db, use),
    ...(config.isSandbox ? { personas: personasOf(parts) } : {}),
  };
  const oidc = createOidc(deps, jwks.keys);
  return {
    ...oidc,
    ping: () => protocolStore.ping(),
    isCircuitOpen: protocolStore.isCircuitOpen,
    statementsUnderWay: protocolStore.statementsUnderWay,
    async sweep() {
      // In small batches: between them others get their turn at the one writer.
      for (let batch = 0; batch < SWEEP_BATCHES; batch += 1)
        if ((await protocolStore.sweep(clock(), SWEEP_ROWS)).isDone) return;
    },
    async reloadKeys() {
      const loaded = await loadSigningKeys(config.keysFolder);
      if (kidsOf(loaded.jwks) === kidsOf(jwks)) return false;
      jwks = loaded.jwks;
      oidc.rebuild(jwks.keys);
      parts.log.info({ kids: kidsOf(jwks) }, 'keys.reloaded');
      return true;
    },
    close: () => protocolStore.close(),
  };
}

/** In order: the first of an algorithm signs. */
function kidsOf({ keys }: { keys: readonly { kid?: string }[] }): string {
  return keys.map(({ kid }) => kid ?? '').join(' ');
}

function clientsOf({ db, vault, clock, log }: OidcParts): OidcDeps['clients'] {
  return {
    find: (id) => findClient(db, id),
    isSecret(kept, secret) {
      const isRight = isClientSecret(vault, kept, secret);
      // While INDEX_KEYS are being rotated: only now is there something to make the newer one of.
      if (isRight && !kept.startsWith(`${vault.newestKeys.index}.`))
        replaceSecretHmac(db, kept, clientSecretHmac(vault, secret)).catch((error: unknown) => {
          log.warn({ err: error }, 'client.secret_not_indexed_anew');
        });
      return isRight;
    },
    insertDynamic: ({ secret, ...client }) =>
      registerDynamicClient(
        { db, vault, clock },
        { ...client, ...(secret === undefined ? {} : { secretHmac: clientSecretHmac(vault, secret) }) },
      ),
    isRegistrationToken: async (token) => (await findApiToken(db, token, clock()))?.role === 'registration',
  };
}

function personasOf(parts: OidcParts): PersonaDeps {
  const { db, clock } = parts;
  return {
    accountOf: async (key) => (await personaAccount(db, key))?.id,
    secondFactorOf: async (accountId) => ((await findCredential(db, accountId, 'totp')) === undefined ? 'sms' : 'otp'),
    recordSignIn: async ({ at: _at, ...signIn }) => {
      await recordSignIn(parts, signIn);
    },
    recordConsent: (consent) =>
      inTransaction(db, async (tx) => {
        const client = await findClient(tx, consent.clientId);
        await insertConsent(tx, {
          ...consent,
          id: newId(),
          refusedScopes: [],
          refusedClaims: [],
          purpose: client?.purpose?.vi ?? '',
          textVersion: consentTextVersion,
          locale: 'vi',
          givenAt: clock(),
        });
        await appendAudit(tx, {
          at: clock(),
          actor: { kind: 'system' },
          action: 'consent.given',
          accountId: consent.accountId,
          detail: { client: consent.clientId, scopes: consent.scopes.join(' '), claims: consent.claims.join(' ') },
        });
      }),
  };
}
