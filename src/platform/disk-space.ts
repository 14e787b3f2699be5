import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreUnavailable } from './store-outage.ts';

/** Less cannot take what a minute writes. */
const LEAST_BYTES = 4 * 1024 * 1024;

/** @throws StoreUnavailable when the disk under `file` is full: reading would still go well there. */
export async function refuseFullDisk(file: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(file));
  if (bavail * bsize < LEAST_BYTES) throw new StoreUnavailable('the disk is full');
}
