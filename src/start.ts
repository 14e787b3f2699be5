/** What `npm start` runs: the provider, with what Node makes of its files kept for the next start, which saves half a second of computing. Beside the packages, where
 *  only who may change the program can write; where nobody may (a read-only image), nothing is kept and nothing else changes.
 *  @see https://nodejs.org/api/module.html#module-compile-cache */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/dinhdanh', import.meta.url)));
// Not a static import: those are compiled before anything here runs.
await import('./main.ts');
