import type { Adapter, AdapterPayload } from 'oidc-provider';
import { errors } from 'oidc-provider';
import { mayHaveBeenDone } from '../../platform/store-outage.ts';
import {
  type Artifact,
  type ArtifactKey,
  artifactKey,
  decodeArtifact,
  encodeArtifact,
  keyOfIdOrHandle,
} from './artifact-codec.ts';
import { artifactModel, type ModelTraits } from './artifact-models.ts';
import type { ProtocolStoreSettings, SessionSummary } from './protocol-store.ts';
import { rememberSealed } from './sealed-texts.ts';

/** What a store does for one model. Artifacts of a revoked group are never returned; expired ones may be. */
export type ArtifactTable = {
  /** 'replayed': the model is unique and this id is already there, alive. */
  put(artifact: Artifact): Promise<'stored' | 'replayed'>;
  get(key: ArtifactKey): Promise<Artifact | undefined>;
  getByGroup(groupKey: ArtifactKey): Promise<Artifact | undefined>;
  getByUserCode(userCodeKey: ArtifactKey): Promise<Artifact | undefined>;
  /** Marks it consumed, atomically. @returns false when it was consumed before, or is not there. */
  consume(key: ArtifactKey, at: number): Promise<boolean>;
  remove(key: ArtifactKey): Promise<void>;
  /** Ends everything of the group stored until `revokedAt`; `FOREVER` ends what is still to come too. */
  revokeGroup(groupKey: ArtifactKey, revokedAt: number): Promise<void>;
};

export const FOREVER = Number.MAX_SAFE_INTEGER;

const DEFAULT_LONGEST_LIFE_SECONDS = 31 * 86_400;
const DEFAULT_CLOCK_TOLERANCE_SECONDS = 15;

export function longestLifeMs(settings: ProtocolStoreSettings): number {
  return (settings.longestLifeSeconds ?? DEFAULT_LONGEST_LIFE_SECONDS) * 1000;
}

export function clockToleranceMs(settings: ProtocolStoreSettings): number {
  return (settings.clockToleranceSeconds ?? DEFAULT_CLOCK_TOLERANCE_SECONDS) * 1000;
}

/** One adapter a model, made when first asked for. */
export function adapterFactory(
  settings: ProtocolStoreSettings,
  tableFor: (traits: ModelTraits) => ArtifactTable,
): (model: string) => Adapter {
  const adapters = new Map<string, Adapter>();
  // An arrow function: oidc-provider calls anything that can be a constructor with `new`.
  return (model) => {
    if (model === 'Client') {
      if (settings.clientAdapter === undefined)
        throw new Error('clients are not protocol state: give the store a clientAdapter');
      return settings.clientAdapter;
    }
    let adapter = adapters.get(model);
    if (adapter === undefined) {
      const traits = artifactModel(model);
      adapter = artifactAdapter(traits, tableFor(traits), settings);
      adapters.set(model, adapter);
    }
    return adapter;
  };
}

/** One model's payloads as artifacts, and back. */
export type ArtifactForm = {
  /** @throws for what must not be kept. */
  encode: (id: string, payload: AdapterPayload, expiresIn: number | undefined) => Artifact;
  /** @param id as it was asked for; without it the payload has a handle. @returns undefined for one that has expired. */
  readable: (artifact: Artifact | undefined, id?: string) => AdapterPayload | undefined;
};

export function artifactForm(traits: ModelTraits, settings: ProtocolStoreSettings): ArtifactForm {
  const { clock } = settings;
  const vault = traits.isSealed ? rememberSealed(settings.vault) : settings.vault;
  const toleranceMs = clockToleranceMs(settings);
  const lifeLimitMs = longestLifeMs(settings);
  return {
    encode(id, payload, expiresInSeconds) {
      if (id.includes('\0')) throw new errors.InvalidRequest('parameters must not contain NUL characters');
      const now = clock().getTime();
      const artifact = encodeArtifact(traits, { key: keyOfIdOrHandle(id), payload, expiresInSeconds, now }, vault);
      if (artifact.groupKey !== null && (artifact.expiresAt ?? FOREVER) - now > lifeLimitMs) {
        throw new Error(
          `a ${traits.name} outlives longestLifeSeconds, so its revocation would be forgotten: raise the setting`,
        );
      }
      return artifact;
    },
    readable(artifact, id) {
      if (artifact === undefined) return undefined;
      if (artifact.expiresAt !== null && artifact.expiresAt + toleranceMs <= clock().getTime()) return undefined;
      return decodeArtifact(traits, artifact, vault, id);
    },
  };
}

/** Of a consumption: whether this one was the first. @throws for any other, and when it is in doubt. */
export async function mustBeFirst(traits: ModelTraits, consuming: Promise<boolean>): Promise<void> {
  const isFirst = await consuming.catch((error: unknown) => {
    // Not "try again": a code that comes again counts as stolen, and all that its grant gave would end (`consumeGrantSource`).
    throw traits.name === 'AuthorizationCode' && mayHaveBeenDone(error) ? new errors.InvalidGrant('in doubt') : error;
  });
  if (!isFirst) throw doubleUse(traits);
}

/** @see node_modules/oidc-provider/lib/models/base_model.js for who calls what. */
function artifactAdapter(traits: ModelTraits, table: ArtifactTable, settings: ProtocolStoreSettings): Adapter {
  const { clock } = settings;
  const { encode, readable } = artifactForm(traits, settings);

  return {
    async upsert(id, payload, expiresIn) {
      // oidc-provider looks for a replay and then saves: between the two another request may have saved the same.
      if ((await table.put(encode(id, payload, expiresIn))) === 'replayed')
        throw new errors.InvalidRequest('must only be used once');
    },
    find: async (id) => readable(await table.get(artifactKey(id)), id),
    async findByUid(uid) {
      const payload = readable(await table.getByGroup(artifactKey(uid)));
      return payload?.uid === uid ? payload : undefined;
    },
    findByUserCode: async (userCode) => readable(await table.getByUserCode(artifactKey(userCode))),
    consume: (id) => mustBeFirst(traits, table.consume(keyOfIdOrHandle(id), clock().getTime())),
    async destroy(id) {
      const key = keyOfIdOrHandle(id);
      // A request under way that has read the grant must not leave living tokens behind.
      const revocation = traits.name === 'Grant' ? table.revokeGroup(key, FOREVER) : undefined;
      await Promise.all([revocation, table.remove(key)]);
    },
    revokeByGrantId: (grantId) => table.revokeGroup(artifactKey(grantId), clock().getTime()),
  };
}

// A plain Error would become a 500. A pushed request is used up at the authorization endpoint, where the error is another one (RFC 9126 section 4).
function doubleUse(traits: ModelTraits): Error {
  if (traits.name === 'PushedAuthorizationRequest')
    return new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used');
  return new errors.InvalidGrant('already used');
}

const SESSION = artifactModel('Session');

/** @returns undefined for a session that is nobody's or expired. */
export function summarizeSession(artifact: Artifact, settings: ProtocolStoreSettings): SessionSummary | undefined {
  const { accountId, uid, loginTs, acr, amr, authorizations } = decodeArtifact(SESSION, artifact, settings.vault);
  if (accountId === undefined || uid === undefined) return undefined;
  if (artifact.expiresAt !== null && artifact.expiresAt <= settings.clock().getTime()) return undefined;
  return {
    uid,
    accountId,
    loginAt: loginTs === undefined ? undefined : new Date(loginTs * 1000),
    expiresAt: artifact.expiresAt === null ? undefined : new Date(artifact.expiresAt),
    acr,
    amr: amr ?? [],
    clients: Object.entries(authorizations ?? {}).map(([clientId, { sid, grantId }]) => ({ clientId, sid, grantId })),
  };
}
