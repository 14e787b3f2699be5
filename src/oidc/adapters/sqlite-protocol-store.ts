import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { createCheckpointer, PAGES_OF_A_LATE_CHECKPOINT } from '../../platform/sqlite-checkpointer.ts';
import { createWriteQueue } from '../../platform/write-queue.ts';
import {
  type ArtifactTable,
  adapterFactory,
  clockToleranceMs,
  FOREVER,
  longestLifeMs,
  summarizeSession,
} from './artifact-adapter.ts';
import { type Artifact, artifactKey } from './artifact-codec.ts';
import { ARTIFACT_MODELS, artifactModel, type ModelTraits } from './artifact-models.ts';
import { oneByOne } from './one-by-one.ts';
import type {
  ProtocolStore,
  ProtocolStoreSettings,
  RevokedGrant,
  SessionSummary,
  SqliteTarget,
} from './protocol-store.ts';
import { type ArtifactCache, createArtifactCache } from './sqlite-artifact-cache.ts';
import { openRevocations } from './sqlite-revocations.ts';
import {
  artifactOf,
  prepareTable,
  type Row,
  rowKeyOf,
  type SqliteArtifact,
  sqliteArtifact,
  type TableStatements,
  upgradeSchema,
  valuesOf,
} from './sqlite-tables.ts';

const SESSION = artifactModel('Session');
const GRANT = artifactModel('Grant');

/** The embedded store: one file, one writer. Reads answer at once; a write settles with the commit it shares with its turn of the event loop. */
export function openSqliteProtocolStore(options: ProtocolStoreSettings & SqliteTarget): ProtocolStore {
  const { clock } = options;
  const keepRevocationMs = longestLifeMs(options) + clockToleranceMs(options);
  const db = openFile(options);
  const caches = new Map(
    ARTIFACT_MODELS.map((traits) => [traits.name, createArtifactCache({ isByGroup: traits.group === 'uid' })]),
  );
  const cacheOf = (traits: ModelTraits): ArtifactCache => caches.get(traits.name) as ArtifactCache;
  const revocations = openRevocations(db, () => {
    for (const cache of caches.values()) cache.clear();
  });
  const transaction = db.transaction((work: () => void) => {
    work();
  });
  let held: Promise<void> | undefined;
  const checkpointer = createCheckpointer(options.file, async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return () => {
      held = undefined;
      resolve();
    };
  });
  const queue = createWriteQueue(
    (work) => {
      transaction.immediate(work);
      checkpointer.afterCommit();
    },
    (flush) => (held === undefined ? flush() : held.then(flush)),
  );
  const statements = new Map<string, TableStatements>(
    ARTIFACT_MODELS.map((traits) => [traits.name, prepareTable(db, traits)]),
  );
  const statementsOf = (traits: ModelTraits): TableStatements => statements.get(traits.name) as TableStatements;

  const isAlive = ({ group, storedAt }: SqliteArtifact): boolean => !revocations.isRevoked(group, storedAt);
  const alive = (row: Row | undefined): SqliteArtifact | undefined => {
    if (row === undefined) return undefined;
    const artifact = artifactOf(row);
    return isAlive(artifact) ? artifact : undefined;
  };

  const insertRevocation = (group: number, revokedAt: number): void => {
    revocations.insert(group, revokedAt, clock().getTime() + keepRevocationMs);
  };

  const revokeGroup = async (group: number, revokedAt: number): Promise<void> => {
    if (revocations.isKnown(group, revokedAt)) return;
    await queue.write(
      () => {
        insertRevocation(group, revokedAt);
      },
      () => revocations.remember(group, revokedAt),
    );
  };

  const tableFor = (traits: ModelTraits): ArtifactTable => {
    const table = statementsOf(traits);
    const cache = cacheOf(traits);
    return {
      async put(artifact) {
        const row = rowKeyOf(artifact.key);
        const answer = await queue.write(
          () => put(traits, table, artifact, { now: clock().getTime(), isKnown: cache.get(row) !== undefined }),
          (outcome) => {
            // What was there before may say more than `artifact`: that it is consumed.
            if (outcome === 'added' || (outcome === 'changed' && !traits.isConsumable))
              cache.keep(row, sqliteArtifact(artifact));
            else cache.forget(row.key);
          },
        );
        return answer === 'replayed' ? 'replayed' : 'stored';
      },
      async get(key) {
        const wanted = rowKeyOf(key);
        revocations.lookForOthers();
        const known = cache.get(wanted);
        if (known !== undefined) return isAlive(known) ? whole(known) : undefined;
        const row = table.find.get(wanted.key);
        if (row?.[1] !== wanted.check) return undefined;
        const found = alive(row);
        if (found !== undefined) cache.keep(wanted, found);
        return whole(found);
      },
      async getByGroup(key) {
        const group = rowKeyOf(key).key;
        revocations.lookForOthers();
        const known = cache.getByGroup(group);
        if (known !== undefined) return isAlive(known) ? whole(known) : undefined;
        return whole(alive(newest(table.findByGroup?.all(group) ?? [])));
      },
      getByUserCode: async (key) => whole(alive(table.findByUserCode?.get(rowKeyOf(key).key))),
      async consume(key, at) {
        const wanted = rowKeyOf(key);
        const row = await queue.write(
          () => table.consume?.get(at, wanted.key, wanted.check),
          () => cache.forget(wanted.key),
        );
        return row !== undefined && !revocations.isRevoked(row[0], row[1]);
      },
      async remove(key) {
        const wanted = rowKeyOf(key);
        await queue.write(
          () => table.delete.run(wanted.key, wanted.check),
          () => cache.forget(wanted.key),
        );
      },
      revokeGroup: (key, revokedAt) => revokeGroup(rowKeyOf(key).key, revokedAt),
    };
  };

  const endSessions = async (find: (table: TableStatements) => Row[]): Promise<SessionSummary[]> => {
    const table = statementsOf(SESSION);
    const rows = await queue.write(
      () => {
        const found = find(table);
        for (const [key, check, , , , group] of found) {
          if (group !== null) insertRevocation(group, FOREVER);
          table.delete.run(key, check);
        }
        return found;
      },
      (gone) => {
        for (const [key] of gone) cacheOf(SESSION).forget(key);
      },
    );
    const ended = rows.map(artifactOf);
    const summaries = ended.filter(({ group, storedAt }) => !revocations.isRevoked(group, storedAt)).flatMap(summary);
    for (const { group } of ended) if (group !== null) revocations.remember(group, FOREVER);
    return summaries;
  };

  const summary = (artifact: SqliteArtifact): SessionSummary[] => {
    const made = summarizeSession(whole(artifact), options);
    return made === undefined ? [] : [made];
  };

  const sweeper = createSweeper(statementsOf, revocations);

  const adapterFor = adapterFactory(options, tableFor);
  return {
    adapterFor,
    // Nothing is gained together: it is read at once, and what is written in one turn of the event loop shares a commit.
    ...oneByOne(adapterFor),
    async listSessions(accountId) {
      const rows = statementsOf(SESSION).listByAccount?.all(accountId) ?? [];
      return rows.flatMap((row) => {
        const artifact = alive(row);
        return artifact === undefined ? [] : summary(artifact);
      });
    },
    async destroySession(uid) {
      const { key } = rowKeyOf(artifactKey(uid));
      const [ended] = await endSessions((table) =>
        (table.findByGroup?.all(key) ?? []).toSorted(([, , left], [, , right]) => right - left),
      );
      return ended;
    },
    destroySessions: (accountId) => endSessions((table) => table.listByAccount?.all(accountId) ?? []),
    async revokeGrants(accountId, clientId) {
      const table = statementsOf(GRANT);
      const revoked = await queue.write(
        () => {
          const rows = (table.listByAccount?.all(accountId) ?? []).filter(
            ([, , , , , , , client]) => clientId === undefined || client === clientId,
          );
          for (const [key, check] of rows) {
            insertRevocation(key, FOREVER);
            table.delete.run(key, check);
          }
          return rows;
        },
        (gone) => {
          for (const [key] of gone) cacheOf(GRANT).forget(key);
        },
      );
      for (const [key] of revoked) revocations.remember(key, FOREVER);
      return revoked.map((row): RevokedGrant => ({ groupKey: artifactOf(row).key, clientId: row[7] ?? '' }));
    },
    sweep: (now, limit) => queue.write(() => sweeper(now.getTime() - clockToleranceMs(options), now.getTime(), limit)),
    async ping() {
      db.pragma('user_version');
    },
    async close() {
      queue.flush();
      await checkpointer.stop();
      db.close();
    },
  };
}

/** What is asked for again and again is in the artifact caches; the system has the pages of the file in its memory anyway, and a page asked of it costs microseconds.
 *  And a commit goes through all that is kept after a page was split: with 64 MB it takes twice as long. Not mapped into memory: those pages would be there twice, and a
 *  disk that fails would end the process instead of a request. */
const PAGE_CACHE_KIB = 8_192;

function openFile({ file, synchronous = 'NORMAL' }: SqliteTarget): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new Sqlite(file);
  if (file !== ':memory:') chmodSync(file, 0o600);
  const settings = [
    'busy_timeout = 5000',
    'journal_mode = WAL',
    `synchronous = ${synchronous}`,
    `wal_autocheckpoint = ${PAGES_OF_A_LATE_CHECKPOINT}`,
    `cache_size = -${PAGE_CACHE_KIB}`,
    'temp_store = MEMORY',
  ];
  for (const setting of settings) db.pragma(setting);
  upgradeSchema(db);
  return db;
}

/** @param isKnown it was there a moment ago: one statement instead of three. */
function put(
  traits: ModelTraits,
  table: TableStatements,
  artifact: Artifact,
  { now, isKnown }: { now: number; isKnown: boolean },
): 'added' | 'changed' | 'replayed' {
  const { key, check } = rowKeyOf(artifact.key);
  const values = valuesOf(traits, artifact, check);
  if (isKnown && !traits.isUnique && table.change.run(...values, key).changes === 1) return 'changed';
  if (table.insert.run(key, ...values).changes === 1) return 'added';
  const [, foundCheck, , expiresAt] = table.find.get(key) as Row;
  const isExpired = expiresAt !== null && expiresAt <= now;
  if (!isExpired) {
    if (traits.isUnique) return 'replayed';
    // One pair in 2^48: the request fails and its repetition gets another id. Never mix up two artifacts.
    if (foundCheck !== check) throw new Error(`two ids of ${traits.table} share their first 48 bits`);
  }
  table.change.run(...values, key);
  return 'changed';
}

/** Nearly always the only one: sorting in SQL costs four times the look-up. */
function newest(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>((best, row) => (best === undefined || row[2] > best[2] ? row : best), undefined);
}

function whole(artifact: SqliteArtifact): Artifact;
function whole(artifact: SqliteArtifact | undefined): Artifact | undefined;
function whole(artifact: SqliteArtifact | undefined): Artifact | undefined {
  return artifact === undefined ? undefined : { ...artifact, groupKey: null };
}

type Sweeper = (expiredAt: number, now: number, limit: number) => { deleted: number; isDone: boolean };

/** Walks the tables in key order, a stretch at a time, since no index leads to the expired rows. */
function createSweeper(
  statementsOf: (traits: ModelTraits) => TableStatements,
  revocations: ReturnType<typeof openRevocations>,
): Sweeper {
  let position = 0;
  let lastKey = -1;
  return (expiredAt, now, limit) => {
    let left = limit;
    let deleted = 0;
    for (; position < ARTIFACT_MODELS.length; position += 1, lastKey = -1) {
      const table = statementsOf(ARTIFACT_MODELS[position] as ModelTraits);
      const rows = table.walk.all(lastKey, left);
      for (const [key, check, expiresAt, group, storedAt] of rows) {
        lastKey = key;
        if ((expiresAt === null || expiresAt > expiredAt) && !revocations.isRevoked(group, storedAt)) continue;
        table.delete.run(key, check);
        deleted += 1;
      }
      left -= rows.length;
      if (left <= 0) return { deleted, isDone: false };
    }
    const swept = revocations.deleteExpired(now, left);
    position = 0;
    return { deleted: deleted + swept.deleted, isDone: swept.deleted < left };
  };
}
