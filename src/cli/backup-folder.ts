import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** Backups made before delivered messages were told apart name a key without a name as well. */
const named = (ids: string[]): string[] => ids.filter((id) => id !== '');

const manifest = z.object({
  made_at: z.iso.datetime(),
  kind: z.enum(['sqlite', 'postgres']),
  /** Names of the migrations that the register had been through. */
  migrations: z.array(z.string()),
  /** Ids of the keys under which values lie; never a key. */
  data_keys: z.array(z.string()).transform(named),
  index_keys: z.array(z.string()),
  persons: z.number().int().nonnegative(),
  files: z.array(z.object({ name: z.string().regex(/^[a-z.-]+$/), bytes: z.number().int(), sha256: z.string() })),
});

/** What a backup says of itself, in `manifest.json`. No person and no key is in it. */
export type Manifest = z.output<typeof manifest>;

const MANIFEST = 'manifest.json';

export async function writeManifest(
  folder: string,
  content: Omit<Manifest, 'files'>,
  names: string[],
): Promise<Manifest> {
  const files = await Promise.all(names.map(async (name) => ({ name, ...(await measure(join(folder, name))) })));
  const whole = { ...content, files };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
  return whole;
}

export type ReadBackup =
  | { readonly kind: 'whole'; readonly manifest: Manifest }
  | { readonly kind: 'not_a_backup' }
  | { readonly kind: 'damaged'; readonly file: string };

/** Reads a backup's manifest and holds every file against it. */
export async function readBackup(folder: string): Promise<ReadBackup> {
  let read: Manifest;
  try {
    read = manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  } catch {
    return { kind: 'not_a_backup' };
  }
  for (const { name, bytes, sha256 } of read.files) {
    const found = await measure(join(folder, name)).catch(() => undefined);
    if (found?.bytes !== bytes || found.sha256 !== sha256) return { kind: 'damaged', file: name };
  }
  return { kind: 'whole', manifest: read };
}

async function measure(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}
