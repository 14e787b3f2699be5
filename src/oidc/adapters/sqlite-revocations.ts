import type { Database } from 'better-sqlite3';

/** Which groups (grants, sessions) were ended, and until which moment: rows in the file and the same in memory. */
export type Revocations = {
  /** Whether something of this group, stored at that moment, is dead. Sees what other processes wrote at the latest one turn of the event loop ago. */
  isRevoked(group: number | null, storedAt: number): boolean;
  /** To be called inside a write. `remember` is called after its commit. */
  insert(group: number, revokedAt: number, expiresAt: number): void;
  remember(group: number, revokedAt: number): void;
  isKnown(group: number, revokedAt: number): boolean;
  /** Once a turn of the event loop: has another process written? Then `othersWrote` is called. To be called before anything that was read earlier is believed. */
  lookForOthers(): void;
  /** Deletes the expired among the oldest `limit`. To be called inside a write. @returns how many it looked at and deleted. */
  deleteExpired(now: number, limit: number): { examined: number; deleted: number };
};

export function openRevocations(db: Database, othersWrote: () => void): Revocations {
  const revokedAtByGroup = new Map<number, number>();
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck(true);
  const newer = db
    .prepare<[number], [number, number, number]>(
      'SELECT seq, group_key, revoked_at FROM revocation WHERE seq > ? ORDER BY seq',
    )
    .raw(true);
  const insert = db.prepare('INSERT INTO revocation (group_key, revoked_at, expires_at) VALUES (?, ?, ?)');
  const oldest = db
    .prepare<[number], [number, number, number, number]>(
      'SELECT seq, group_key, revoked_at, expires_at FROM revocation ORDER BY seq LIMIT ?',
    )
    .raw(true);
  const remove = db.prepare('DELETE FROM revocation WHERE seq = ?');

  let lastSeq = 0;
  let knownVersion: number | undefined;
  let isLookedUpThisTurn = false;

  const isKnown = (group: number, revokedAt: number): boolean => (revokedAtByGroup.get(group) ?? -1) >= revokedAt;
  const remember = (group: number, revokedAt: number): void => {
    if (!isKnown(group, revokedAt)) revokedAtByGroup.set(group, revokedAt);
  };

  // A command beside the server (`accounts lock`) writes to the same file. SQLite tells cheaply that somebody else did.
  const lookForOthers = (): void => {
    if (isLookedUpThisTurn) return;
    isLookedUpThisTurn = true;
    setImmediate(() => {
      isLookedUpThisTurn = false;
    });
    const version = dataVersion.get();
    if (version === knownVersion) return;
    knownVersion = version;
    othersWrote();
    for (const [seq, group, revokedAt] of newer.iterate(lastSeq)) {
      lastSeq = seq;
      remember(group, revokedAt);
    }
  };
  lookForOthers();

  return {
    isRevoked(group, storedAt) {
      if (group === null) return false;
      lookForOthers();
      const revokedAt = revokedAtByGroup.get(group);
      return revokedAt !== undefined && storedAt <= revokedAt;
    },
    insert(group, revokedAt, expiresAt) {
      insert.run(group, revokedAt, expiresAt);
    },
    remember,
    isKnown,
    lookForOthers,
    deleteExpired(now, limit) {
      const rows = oldest.all(limit);
      const expired = rows.filter(([, , , expiresAt]) => expiresAt <= now);
      for (const [seq, group, revokedAt] of expired) {
        remove.run(seq);
        if (revokedAtByGroup.get(group) === revokedAt) revokedAtByGroup.delete(group);
      }
      return { examined: rows.length, deleted: expired.length };
    },
  };
}
