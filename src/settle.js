import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Long enough for those who waited for the start to be served. */
const SETTLED_MS = 5_000;

/** What is better done when a start is over: Node's own modules and what is kept of ours were compiled for the flags Node starts with, and with another one set before they are
 *  loaded all of them would be compiled anew, a tenth of a second. */
export function settleSoon() {
  setTimeout(() => {
    // Of these flags still.
    flushCompileCache();
    // Sessions, codes and tokens live just long enough to be taken for old objects, and by itself Node lets four times of what is alive pile up before it looks among those.
    setFlagsFromString('--heap-growing-percent=100');
    giveBack();
  }, SETTLED_MS).unref();
}

/** Loading a program leaves 50 MB of garbage, which would be there until there is much to do. */
function giveBack() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'async', flavor: 'last-resort' });
}
