import { setFlagsFromString } from 'node:v8';

/** Makes the engine collect sooner instead of growing: for a command that makes much garbage and keeps little. Measured on an import: 280 MB at most
 *  instead of 410, for one tenth more of processor time. The flags are read at each collection, so that they may be set while the process runs. */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // A megabyte is collected before a helper has woken: waiting for one takes longer than the work, most of all on a busy machine.
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--heap-growing-percent=60');
}
