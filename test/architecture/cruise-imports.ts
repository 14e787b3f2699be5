import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const RULES = resolve(import.meta.dirname, '../../.dependency-cruiser.mjs');
const ROOTS = ['src', 'views', 'migrations', 'bench', 'test'];

export type Violation = { rule: string; from: string; to: string };
export type CruisedImports = { violations: Violation[]; modules: string[]; missed: string[] };

/**
 * Holds the imports of the project in `directory` against `.dependency-cruiser.mjs`.
 * `missed` are source files on the disk that the cruise did not read: dependency-cruiser drops what it has no compiler for in silence.
 */
export async function cruiseImports(directory: string): Promise<CruisedImports> {
  const { options, forbidden } = await extractDepcruiseConfig(RULES);
  const roots = ROOTS.filter((root) => existsSync(join(directory, root)));
  const { output } = await cruise(
    roots,
    { ...options, ruleSet: { forbidden: forbidden ?? [] }, validate: true, baseDir: directory },
    options?.enhancedResolveOptions ?? {},
    { tsConfig: extractTSConfig(join(directory, 'tsconfig.json')) },
  );
  const result = output as ICruiseResult;
  const modules = result.modules
    .map((one) => one.source)
    .filter((source) => roots.some((root) => source.startsWith(`${root}/`)));
  const read = new Set(modules);
  return {
    violations: result.summary.violations.map((one) => ({ rule: one.rule.name, from: one.from, to: one.to })),
    modules,
    missed: roots.flatMap((root) => sourceFiles(directory, root)).filter((file) => !read.has(file)),
  };
}

function sourceFiles(directory: string, root: string): string[] {
  return readdirSync(join(directory, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => `${root}/${file}`)
    .filter((file) => !file.startsWith('test/architecture/faults/'));
}
