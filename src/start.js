/** What `npm start` runs: the provider, with what Node makes of its files kept for the next start, which saves half a second of computing. Beside the packages, where
 *  only who may change the program can write; where nobody may (a read-only image), nothing is kept and nothing else changes.
 *  Not in TypeScript: Node would load its stripper for this one file, 12 MB of memory; what is kept is stripped already.
 *  @see https://nodejs.org/api/module.html#module-compile-cache */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Sessions, codes and tokens live just long enough to be taken for old objects, and by itself Node lets four times of what is alive pile up before it looks among those.
setFlagsFromString('--heap-growing-percent=100');
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/dinhdanh', import.meta.url)));
// Not a static import: those are compiled before anything here runs.
await import('./main.ts');
