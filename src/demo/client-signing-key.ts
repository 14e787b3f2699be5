import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { PrivateKey } from 'openid-client';

export type ClientSigningKey = {
  readonly privateKey: PrivateKey;
  /** What the provider fetches from jwks_uri. */
  readonly jwks: { readonly keys: readonly JWK[] };
};

const ALG = 'ES256';

/** The key by which a service proves itself: made at the first start, kept in `<folder>/<name>.jwk.json` (0600). */
export async function readOrMakeSigningKey(folder: string, name: string): Promise<ClientSigningKey> {
  const file = join(folder, `${name}.jwk.json`);
  const jwk = (await readKey(file)) ?? (await makeKey(folder, file));
  const key = await importJWK(jwk, ALG);
  if (key instanceof Uint8Array) throw new TypeError(`${file} holds no private key`);
  const { kty = '', crv = '', x = '', y = '', kid = '' } = jwk;
  return {
    privateKey: { key, kid },
    jwks: { keys: [{ kty, crv, x, y, kid, use: 'sig', alg: ALG }] },
  };
}

async function readKey(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeKey(folder: string, file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALG, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kept = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(kept)}\n`, { mode: 0o600, flag: 'wx' });
  return kept;
}
