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
    // R and S side by side, as RFC 7518 section 3.4 wants them.
    return Promise.resolve(sign('sha256', data, { key: this.#private, dsaEncoding: 'ieee-p1363' }));
  }
}
