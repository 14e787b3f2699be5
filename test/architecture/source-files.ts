import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Path from the project's root, with forward slashes, and the text. */
export type SourceFile = { path: string; text: string };

export function listSourceFiles(roots: readonly string[]): SourceFile[] {
  return roots
    .filter((root) => existsSync(join(ROOT, root)))
    .flatMap((root) =>
      readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' }).map((file) => `${root}/${file}`),
    )
    .filter((path) => /\.(ts|js|mjs|css)$/.test(path) && !path.startsWith('test/architecture/'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}
