import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import { pooledRandomBytes } from './random-pool.ts';

/** Where a sealed value lies: it is bound to that place, so that a value copied to another row or column does not open. */
export type SealedPlace = { table: string; column: string; id: string };

/** Encrypts values at rest and makes the blind indexes by which they can be found. */
export type Vault = {
  /** AES-256-GCM under the newest data key → `<keyId>.<base64url(iv‖tag‖ciphertext)>`. */
  seal(plain: string, place: SealedPlace): string;
  /** @throws Error when the key is unknown, the place differs or the value was altered. */
  open(sealed: string, place: SealedPlace): string;
  /** The ids of the keys that write: whatever does not begin with one of them lies under an older key. */
  readonly newestKeys: { readonly data: string; readonly index: string };
  /** HMAC-SHA-256 under the newest index key, with a key of its own per purpose → `<keyId>.<base64url>`. */
  blindIndex(purpose: string, value: string): string;
  /** The same under every key of the ring, newest first: what a look-up must ask for while the ring is being rotated. */
  blindIndexes(purpose: string, value: string): string[];
};

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** @see NIST SP 800-38D (GCM), RFC 5869 (HKDF). The space of citizen ids is small enough to enumerate, so a plain hash would protect nothing. */
export function createVault(keys: { dataKeys: KeyRing; indexKeys: KeyRing }): Vault {
  const newest = first(keys.dataKeys);
  const newestIndex = first(keys.indexKeys);
  const dataKeys = new Map(keys.dataKeys.map(({ id, key }) => [id, derive(key, 'data')]));
  const indexKeys = new Map<string, KeyObject>();

  const indexUnder = (ring: KeyRing[number], purpose: string, value: string): string => {
    const name = `${ring.id}/${purpose}`;
    let key = indexKeys.get(name);
    if (key === undefined) {
      key = derive(ring.key, `index/${purpose}`);
      indexKeys.set(name, key);
    }
    return `${ring.id}.${createHmac('sha256', key).update(value).digest('base64url')}`;
  };

  return {
    seal(plain, place) {
      const iv = pooledRandomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', dataKeys.get(newest.id) as KeyObject, iv, {
        authTagLength: TAG_BYTES,
      });
      cipher.setAAD(additionalData(place));
      const body = cipher.update(plain, 'utf8');
      const end = cipher.final();
      return `${newest.id}.${Buffer.concat([iv, cipher.getAuthTag(), body, end]).toString('base64url')}`;
    },
    open(sealed, place) {
      const dot = sealed.indexOf('.');
      const key = dataKeys.get(sealed.slice(0, dot));
      if (key === undefined) throw new Error(`sealed ${place.table}.${place.column}: its key is not in DATA_KEYS`);
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(additionalData(place));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    newestKeys: { data: newest.id, index: newestIndex.id },
    blindIndex: (purpose, value) => indexUnder(newestIndex, purpose, value),
    blindIndexes: (purpose, value) => keys.indexKeys.map((ring) => indexUnder(ring, purpose, value)),
  };
}

function first(ring: KeyRing): KeyRing[number] {
  const newest = ring[0];
  if (newest === undefined) throw new Error('a key ring must hold at least one key');
  return newest;
}

/** A KeyObject: handing over bytes instead makes Node build one for every call, which costs several times the cipher itself. */
function derive(key: Buffer, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, 'dinhdanh', info, 32)));
}

function additionalData({ table, column, id }: SealedPlace): Buffer {
  return Buffer.from(`${table}\u241f${column}\u241f${id}\u241fv1`, 'utf8');
}
