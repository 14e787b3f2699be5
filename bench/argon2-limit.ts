/** How many hashes a second these cores can do, through our own hasher at its own concurrency and priority; forked by bench/main.ts. */
import { lowerPoolPriority } from '../src/platform/pool-threads.ts';
import { createSecretHasher } from '../src/platform/secret-hashing.ts';

const CALLERS = 16;
const ms = Number(process.argv[2]);
const hasher = createSecretHasher({
  params: { memoryKib: 19_456, timeCost: 2, parallelism: 1 },
  pepper: 'bench pepper bench pepper bench pepper',
});
await lowerPoolPriority();
const encoded = await hasher.hash('Nuoc_trong#26');
const begun = performance.now();
let done = 0;
await Promise.all(
  Array.from({ length: CALLERS }, async () => {
    while (performance.now() - begun < ms) {
      await hasher.verify(encoded, 'Nuoc_trong#26');
      done += 1;
    }
  }),
);
process.send?.((done * 1000) / (performance.now() - begun));
process.disconnect();
