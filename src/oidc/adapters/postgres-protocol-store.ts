import { openLanes } from '../../platform/postgres-lanes.ts';
import {
  type ArtifactTable,
  adapterFactory,
  clockToleranceMs,
  FOREVER,
  longestLifeMs,
  summarizeSession,
} from './artifact-adapter.ts';
import { type Artifact, type ArtifactKey, artifactKey } from './artifact-codec.ts';
import { ARTIFACT_MODELS, artifactModel, type ModelTraits } from './artifact-models.ts';
import {
  type ArtifactRow,
  artifactOf,
  bytes,
  makeTables,
  NOT_REVOKED,
  putSql,
  putValues,
  type Run,
  runPrepared,
  tableOf,
} from './postgres-tables.ts';
import { postgresTogether } from './postgres-together.ts';
import type {
  PostgresTarget,
  ProtocolStore,
  ProtocolStoreSettings,
  RevokedGrant,
  SessionSummary,
  SweepResult,
} from './protocol-store.ts';

const SESSION = artifactModel('Session');
const GRANT = artifactModel('Grant');

const READ_COLUMNS = 'a.key, a.stored_at, a.expires_at, a.consumed_at, a.account_id, a.client_id, a.body';
// The conflict part of every insert into oidc_revocation: a revocation only grows.
const LATER_REVOCATION = `ON CONFLICT (group_key) DO UPDATE
  SET revoked_at = greatest(oidc_revocation.revoked_at, excluded.revoked_at), expires_at = greatest(oidc_revocation.expires_at, excluded.expires_at)`;

/** For many processes: named prepared statements, one statement an operation, so that each is atomic on its own. */
export async function openPostgresProtocolStore(
  options: ProtocolStoreSettings & PostgresTarget,
): Promise<ProtocolStore> {
  const { pool, clock } = options;
  await makeTables(pool);

  const lanes = openLanes(pool);
  const run: Run = (name, text, values) => runPrepared(lanes, { name: `oidc_${name}`, text, values });
  // On a connection of its own: a long one would hold up what shares its lane.
  const runApart: Run = (name, text, values) => runPrepared(pool, { name: `oidc_${name}`, text, values });
  const revocationExpiry = (): number => clock().getTime() + longestLifeMs(options) + clockToleranceMs(options);

  const tableFor = (traits: ModelTraits): ArtifactTable => ({
    ...artifactTable(traits, run, () => clock().getTime()),
    async revokeGroup(key, revokedAt) {
      const text = `INSERT INTO oidc_revocation (group_key, revoked_at, expires_at) VALUES ($1, $2, $3) ${LATER_REVOCATION}`;
      await run('revoke', text, [bytes(key), revokedAt, revocationExpiry()]);
    },
  });

  /** @param where on the alias `a`; its parameters come first, from $3 on. */
  const endSessions = async (name: string, where: string, value: unknown): Promise<SessionSummary[]> => {
    const text = `WITH dead AS (SELECT a.key FROM ${tableOf(SESSION)} a WHERE ${where} AND NOT ${NOT_REVOKED}),
      gone AS (DELETE FROM ${tableOf(SESSION)} a WHERE ${where} RETURNING ${READ_COLUMNS}, a.group_key),
      marked AS (INSERT INTO oidc_revocation SELECT DISTINCT group_key, $1::bigint, $2::bigint FROM gone WHERE group_key IS NOT NULL ${LATER_REVOCATION})
      SELECT * FROM gone WHERE key NOT IN (SELECT key FROM dead)`;
    const { rows } = await run<ArtifactRow>(name, text, [FOREVER, revocationExpiry(), value]);
    return summaries(rows);
  };

  const summaries = (rows: readonly ArtifactRow[]): SessionSummary[] =>
    rows.flatMap((row) => {
      const made = summarizeSession(artifactOf(row), options);
      return made === undefined ? [] : [made];
    });

  const adapterFor = adapterFactory(options, tableFor);
  return {
    adapterFor,
    ...postgresTogether(options, adapterFor, run),
    async listSessions(accountId) {
      const text = `SELECT ${READ_COLUMNS} FROM ${tableOf(SESSION)} a WHERE a.account_id = $1 AND ${NOT_REVOKED}`;
      return summaries((await run<ArtifactRow>('list_sessions', text, [accountId])).rows);
    },
    async destroySession(uid) {
      const [ended] = await endSessions('end_session', 'a.group_key = $3', bytes(artifactKey(uid)));
      return ended;
    },
    destroySessions: (accountId) => endSessions('end_sessions', 'a.account_id = $3', accountId),
    async revokeGrants(accountId, clientId) {
      const text = `WITH gone AS (DELETE FROM ${tableOf(GRANT)} WHERE account_id = $3 AND ($4::text IS NULL OR client_id = $4) RETURNING key, client_id),
        marked AS (INSERT INTO oidc_revocation SELECT key, $1::bigint, $2::bigint FROM gone ${LATER_REVOCATION})
        SELECT key, client_id FROM gone`;
      const { rows } = await run<{ key: Buffer; client_id: string }>('revoke_grants', text, [
        FOREVER,
        revocationExpiry(),
        accountId,
        clientId ?? null,
      ]);
      return rows.map((row): RevokedGrant => ({ groupKey: row.key.toString('hex'), clientId: row.client_id }));
    },
    sweep: createSweeper(runApart, clockToleranceMs(options)),
    async ping() {
      await pool.query('SELECT 1');
    },
    statementsUnderWay: lanes.underWay,
    close: () => lanes.close(),
  };
}

function artifactTable(traits: ModelTraits, run: Run, now: () => number): Omit<ArtifactTable, 'revokeGroup'> {
  const table = tableOf(traits);
  const guard = traits.group === undefined ? '' : `AND ${NOT_REVOKED}`;
  const findBy = (column: string): string =>
    `SELECT ${READ_COLUMNS} FROM ${table} a WHERE a.${column} = $1 ${guard} ORDER BY a.stored_at DESC LIMIT 1`;
  const text = {
    put: traits.isUnique ? `${putSql(traits)} WHERE a.expires_at <= $10` : putSql(traits),
    find: findBy('key'),
    findByGroup: findBy('group_key'),
    findByUserCode: findBy('user_code_key'),
    consume: `UPDATE ${table} a SET consumed_at = $2 WHERE a.key = $1 AND a.consumed_at IS NULL ${guard}`,
    remove: `DELETE FROM ${table} WHERE key = $1`,
  };

  const find = async (
    by: 'find' | 'findByGroup' | 'findByUserCode',
    key: ArtifactKey,
  ): Promise<Artifact | undefined> => {
    const [row] = (await run<ArtifactRow>(`${traits.table}_${by}`, text[by], [bytes(key)])).rows;
    return row === undefined ? undefined : artifactOf(row);
  };

  return {
    async put(artifact) {
      const values = putValues(artifact);
      if (traits.isUnique) values.push(now());
      return (await run(`${traits.table}_put`, text.put, values)).rowCount === 1 ? 'stored' : 'replayed';
    },
    get: (key) => find('find', key),
    getByGroup: (key) => find('findByGroup', key),
    getByUserCode: (key) => find('findByUserCode', key),
    consume: async (key, at) => (await run(`${traits.table}_consume`, text.consume, [bytes(key), at])).rowCount === 1,
    async remove(key) {
      await run(`${traits.table}_remove`, text.remove, [bytes(key)]);
    },
  };
}

const BEGINNING = Buffer.alloc(0);

/** Walks the tables in key order, a stretch at a time: any number of processes may do so at once. */
function createSweeper(run: Run, toleranceMs: number): (now: Date, limit: number) => Promise<SweepResult> {
  const tables = [
    ...ARTIFACT_MODELS.map((traits) => ({ table: tableOf(traits), key: 'key' })),
    { table: 'oidc_revocation', key: 'group_key' },
  ];
  let position = 0;
  let lastKey: Buffer = BEGINNING;
  return async (now, limit) => {
    let left = limit;
    let deleted = 0;
    for (; position < tables.length; position += 1, lastKey = BEGINNING) {
      const { table, key } = tables[position] as (typeof tables)[number];
      const text = `WITH stretch AS (SELECT ${key} AS key FROM ${table} WHERE ${key} > $1 ORDER BY ${key} LIMIT $2),
        gone AS (DELETE FROM ${table} USING stretch WHERE ${table}.${key} = stretch.key AND ${table}.expires_at <= $3 RETURNING 1)
        SELECT (SELECT count(*) FROM stretch) AS examined, (SELECT count(*) FROM gone) AS deleted,
          (SELECT stretch.key FROM stretch ORDER BY 1 DESC LIMIT 1) AS last_key`;
      const { rows } = await run<{ examined: string; deleted: string; last_key: Buffer | null }>(
        `sweep_${table}`,
        text,
        [lastKey, left, now.getTime() - toleranceMs],
      );
      lastKey = rows[0]?.last_key ?? BEGINNING;
      deleted += Number(rows[0]?.deleted ?? 0);
      left -= Number(rows[0]?.examined ?? 0);
      if (left <= 0) return { deleted, isDone: false };
    }
    position = 0;
    return { deleted, isDone: true };
  };
}
