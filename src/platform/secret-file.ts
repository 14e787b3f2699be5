import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sandbox's own secrets: made once in `<folder>/secrets.json` (0600), then read. Never used in production.
 *  `problem`: the system's code, or `damaged` where the file is no JSON. */
export function readOrMakeSandboxSecrets(
  folder: string,
): { ok: true; secrets: Record<string, string> } | { ok: false; problem: string } {
  const file = join(folder, 'secrets.json');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) makeOnce(file);
    chmodSync(file, 0o600);
    return { ok: true, secrets: JSON.parse(readFileSync(file, 'utf8')) as Record<string, string> };
  } catch (error) {
    return { ok: false, problem: error instanceof Error && 'code' in error ? String(error.code) : 'damaged' };
  }
}

/** Two processes starting at once must end with the same secrets: the first link wins. */
function makeOnce(file: string): void {
  const secrets = {
    DATA_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    INDEX_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    COOKIE_KEYS: randomBytes(36).toString('base64url'),
    PASSWORD_PEPPER: randomBytes(36).toString('base64url'),
  };
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
}
