import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import Keygrip from 'keygrip';

/** Signs cookies as Keygrip does (HMAC-SHA-256, newest key first), from which the old ones came. Its own check of a signature costs four hashes: it imports the key's
 *  bytes each time, and compares by two more HMACs under a random key. */
export function cookieSigner(keys: readonly string[]): Keygrip {
  const secrets = keys.map((key) => createSecretKey(key, 'utf8'));
  const [newest] = secrets;
  if (newest === undefined) throw new Error('cookies are signed with at least one key');
  const macOf = (secret: typeof newest, data: string): Buffer => createHmac('sha256', secret).update(data).digest();
  const index = (data: string, digest: string): number => {
    const given = Buffer.from(digest, 'base64url');
    return secrets.findIndex((secret) => {
      const mac = macOf(secret, data);
      return mac.length === given.length && timingSafeEqual(mac, given);
    });
  };
  return Object.assign(new Keygrip([...keys], 'sha256'), {
    sign: (data: string) => macOf(newest, data).toString('base64url'),
    index,
    verify: (data: string, digest: string) => index(data, digest) !== -1,
  });
}
