import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildTask } from './store-child.ts';
import type { StoreAddress } from './stores.ts';

const CHILD = fileURLToPath(new URL('./store-child.ts', import.meta.url));

export function startChild(address: StoreAddress, task: ChildTask): ChildProcess {
  return fork(CHILD, [JSON.stringify(address), JSON.stringify(task)]);
}
