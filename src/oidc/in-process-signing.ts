import { createPrivateKey, createPublicKey, type JsonWebKeyInput, type KeyObject, sign } from 'node:crypto';
import { ExternalSigningKey, type JWK } from 'oidc-provider';

/** Makes the library sign ES256 at once, in the thread that asks, through the door it has for external signers. Its own way is a job of the thread pool, where a
 *  signature of 60 µs waits behind password hashes. RSA stays there: it takes ten times as long.
 *  @see node_modules/oidc-provider/lib/helpers/jwt.js `sign` */
export function signInProcess(keys: readonly JWK[]): (JWK | ExternalSigningKey)[] {
  return keys.map((jwk) => (jwk.kty === 'EC' && jwk.alg === 'ES256' ? new InProcessKey(jwk) : jwk));
}

class InProcessKey extends ExternalSigningKey {
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(jwk: JWK) {
    super();
    const input: JsonWebKeyInput = { key: jwk as JsonWebKeyInput['key'], format: 'jwk' };
    this.#private = createPrivateKey(input);
    this.#public = createPublicKey(input);
    Object.assign(this, { kid: jwk.kid, alg: jwk.alg });
  }

  override keyObject(): KeyObject {
    return this.#public;
  }

  override sign(data: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(sideBySide(sign('sha256', data, this.#private)));
  }
}

const NUMBER_BYTES = 32;

/** R and S side by side, as RFC 7518 section 3.4 wants them, of the ASN.1 of two numbers. Node does it too when it is asked to (`dsaEncoding`), and then takes twice the
 *  time for a signature. */
function sideBySide(signature: Buffer): Buffer {
  const both = Buffer.alloc(2 * NUMBER_BYTES);
  let at = 2;
  for (const end of [NUMBER_BYTES, 2 * NUMBER_BYTES]) {
    const from = at + 2;
    at = from + (signature[at + 1] as number);
    // Shorter when it begins with zeros, longer by one that says it is not negative.
    const start = Math.max(from, at - NUMBER_BYTES);
    signature.copy(both, end - (at - start), start, at);
  }
  return both;
}
