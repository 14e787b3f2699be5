import { hash } from 'node:crypto';
import type { Db } from '../platform/database.ts';
import { readRow, type Statements, write } from '../platform/prepared-queries.ts';

/** A browser in which the holder signed in completely. It is known by a token in a cookie, of which only the hash is kept. */
export type KnownDevice = { id: string; accountId: string; label: string; firstSeenAt: Date; lastSeenAt: Date };

type KnownDeviceRow = {
  id: string;
  account_id: string;
  token_hash: string;
  label: string;
  first_seen_at: number;
  last_seen_at: number;
};

/** The account's device that one of these cookie tokens belongs to; undefined for none. */
export async function findKnownDevice(
  db: Db,
  accountId: string,
  tokens: readonly string[],
): Promise<KnownDevice | undefined> {
  if (tokens.length === 0) return undefined;
  const sql = `select * from known_devices where account_id = ? and token_hash in (${tokens.map(() => '?').join(', ')})`;
  const row = await readRow<KnownDeviceRow>(db, sql, [accountId, ...tokens.map(deviceTokenHash)]);
  return row && deviceOf(row);
}

export async function insertKnownDevice(
  tx: Db,
  device: Omit<KnownDevice, 'firstSeenAt' | 'lastSeenAt'> & { token: string },
  now: Date,
): Promise<void> {
  await tx('known_devices').insert({
    id: device.id,
    account_id: device.accountId,
    token_hash: deviceTokenHash(device.token),
    label: device.label,
    first_seen_at: now.getTime(),
    last_seen_at: now.getTime(),
  });
}

/** Within a short transaction. @returns false when it was forgotten meanwhile. */
export function* deviceSeen(id: string, label: string, now: Date): Statements<boolean> {
  const sql = 'update known_devices set label = ?, last_seen_at = ? where id = ?';
  return (yield* write(sql, [label, now.getTime(), id])) === 1;
}

/** Forgets every device: whoever holds one of the cookies is a stranger again. @returns how many. */
export async function deleteKnownDevices(tx: Db, accountId: string): Promise<number> {
  return tx('known_devices').where({ account_id: accountId }).delete();
}

/** As it is kept. */
export function deviceTokenHash(token: string): string {
  return hash('sha256', token, 'base64url');
}

function deviceOf(row: KnownDeviceRow): KnownDevice {
  return {
    id: row.id,
    accountId: row.account_id,
    label: row.label,
    firstSeenAt: new Date(row.first_seen_at),
    lastSeenAt: new Date(row.last_seen_at),
  };
}
