/** What `npm start` runs: the provider, with what Node makes of its files kept for the next start, which saves half a second of computing. Beside the packages, where
 *  only who may change the program can write; where nobody may (a read-only image), nothing is kept and nothing else changes.
 *  Not in TypeScript: Node would load its stripper for this one file, 12 MB of memory; what is kept is stripped already.
 *  @see https://nodejs.org/api/module.html#module-compile-cache */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { findModulesByAddress } from './module-addresses.js';
import { settleSoon } from './settle.js';
import { keepTickShape } from './tick-shape.js';

keepTickShape();
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/dinhdanh', import.meta.url)));
findModulesByAddress();
// Not a static import: those are compiled before anything here runs.
await import('./main.ts');
settleSoon();
