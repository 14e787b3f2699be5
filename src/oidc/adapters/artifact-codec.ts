import { hash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Vault } from '../../platform/vault.ts';
import type { ModelTraits } from './artifact-models.ts';

/** 96 bits of SHA-256 of an id, in hex. Ids are bearer secrets of 128 bits and more, so a plain hash hides them well. */
export type ArtifactKey = string;

/** An artifact as it is kept: its id only as a hash, the body without what the other fields say. Instants in epoch milliseconds. */
export type Artifact = {
  key: ArtifactKey;
  storedAt: number;
  /** null: never. */
  expiresAt: number | null;
  consumedAt: number | null;
  /** Hash of what it dies with. */
  groupKey: ArtifactKey | null;
  accountId: string | null;
  clientId: string | null;
  userCodeKey: ArtifactKey | null;
  body: string;
};

const KEY_HEX_DIGITS = 24;
/** Not in the alphabet of any id that oidc-provider makes. */
const HANDLE_MARK = '~';

export function artifactKey(id: string): ArtifactKey {
  return hash('sha256', id, 'hex').slice(0, KEY_HEX_DIGITS);
}

/** What an artifact found by another way than its id has for one: good for saving and ending it, useless as a cookie or a token. */
function handleOf(key: ArtifactKey): string {
  return HANDLE_MARK + key;
}

/** The handle of what has this id. */
export function handleOfId(id: string): string {
  return handleOf(keyOfIdOrHandle(id));
}

/** Like `artifactKey`, but takes handles too. Never for `find`, where the id comes from outside. */
export function keyOfIdOrHandle(id: string): ArtifactKey {
  return id.startsWith(HANDLE_MARK) && id.length === KEY_HEX_DIGITS + 1 ? id.slice(1) : artifactKey(id);
}

type Sealer = Pick<Vault, 'seal' | 'open'>;

export function encodeArtifact(
  traits: ModelTraits,
  input: { key: ArtifactKey; payload: AdapterPayload; expiresInSeconds: number | undefined; now: number },
  vault: Sealer,
): Artifact {
  // Undefined members are not written; deleting them would cost the object its shape.
  const rest: AdapterPayload = {
    ...input.payload,
    kind: undefined,
    jti: undefined,
    exp: undefined,
    consumed: undefined,
  };
  const consumed: unknown = input.payload.consumed;
  const group = traits.group === undefined ? undefined : rest[traits.group];
  const artifact: Artifact = {
    key: input.key,
    storedAt: input.now,
    expiresAt: expiryOf(input.payload.exp, input.expiresInSeconds, input.now),
    consumedAt: typeof consumed === 'number' ? consumed * 1000 : null,
    groupKey: typeof group === 'string' ? artifactKey(group) : null,
    accountId: null,
    clientId: null,
    userCodeKey: traits.hasUserCode && typeof rest.userCode === 'string' ? artifactKey(rest.userCode) : null,
    body: '',
  };
  if (traits.hasAccount && typeof rest.accountId === 'string') {
    artifact.accountId = rest.accountId;
    rest.accountId = undefined;
  }
  if (traits.hasClient && typeof rest.clientId === 'string') {
    artifact.clientId = rest.clientId;
    rest.clientId = undefined;
  }
  const body = JSON.stringify(rest);
  refuseNul(body, artifact.accountId, artifact.clientId);
  artifact.body = traits.isSealed ? vault.seal(body, placeOf(traits, input.key)) : body;
  return artifact;
}

/** @param id as it was asked for; without it the artifact gets a handle. */
export function decodeArtifact(
  traits: ModelTraits,
  artifact: Artifact,
  vault: Sealer,
  id = handleOf(artifact.key),
): AdapterPayload {
  const body = traits.isSealed ? vault.open(artifact.body, placeOf(traits, artifact.key)) : artifact.body;
  const payload = JSON.parse(body) as AdapterPayload;
  payload.kind = traits.name;
  payload.jti = id;
  if (artifact.expiresAt !== null) payload.exp = Math.floor(artifact.expiresAt / 1000);
  if (artifact.accountId !== null) payload.accountId = artifact.accountId;
  if (artifact.clientId !== null) payload.clientId = artifact.clientId;
  if (artifact.consumedAt !== null) {
    payload.consumed = Math.floor(artifact.consumedAt / 1000);
    // For a grace on doubled refreshes, which needs more than whole seconds. Models drop it: it is not among their fields.
    payload['consumedAt'] = artifact.consumedAt;
  }
  return payload;
}

function expiryOf(exp: number | undefined, expiresInSeconds: number | undefined, now: number): number | null {
  if (typeof exp === 'number') return exp * 1000;
  return expiresInSeconds === undefined ? null : now + expiresInSeconds * 1000;
}

function placeOf(traits: ModelTraits, key: ArtifactKey): { table: string; column: string; id: string } {
  return { table: traits.table, column: 'body', id: key };
}

/** PostgreSQL cannot hold them, and nobody honest sends them. */
function refuseNul(json: string, ...texts: (string | null)[]): void {
  const escaped = json.includes('\\u0000') && /(?<!\\)(?:\\\\)*\\u0000/.test(json);
  if (escaped || texts.some((text) => text?.includes('\0')))
    throw new errors.InvalidRequest('parameters must not contain NUL characters');
}
