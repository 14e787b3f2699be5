import { timingSafeEqual } from 'node:crypto';
import type { Vault } from '../platform/vault.ts';

const PURPOSE = 'clients.secret';

/** What is kept of a client secret. A secret of ours is random, so a keyed hash needs no slowness. */
export function clientSecretHmac(vault: Pick<Vault, 'blindIndex'>, secret: string): string {
  return vault.blindIndex(PURPOSE, secret);
}

/** Compares under every key of the ring, in constant time for each. */
export function isClientSecret(vault: Pick<Vault, 'blindIndexes'>, kept: string, secret: string): boolean {
  const expected = Buffer.from(kept);
  return vault.blindIndexes(PURPOSE, secret).some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
