import type { Database, Statement } from 'better-sqlite3';
import type { Artifact, ArtifactKey } from './artifact-codec.ts';
import { ARTIFACT_MODELS, type ModelTraits } from './artifact-models.ts';

/** The two halves of an artifact's key: 48 bits are the row's integer key, 48 more verify that it is the right row. */
export type RowKey = { key: number; check: number };

export function rowKeyOf(key: ArtifactKey): RowKey {
  return { key: Number.parseInt(key.slice(0, 12), 16), check: Number.parseInt(key.slice(12), 16) };
}

function artifactKeyOf({ key, check }: RowKey): ArtifactKey {
  return key.toString(16).padStart(12, '0') + check.toString(16).padStart(12, '0');
}

/** In the order of `READ_COLUMNS`. */
export type Row = [
  key: number,
  check: number,
  storedAt: number,
  expiresAt: number | null,
  consumedAt: number | null,
  groupKey: number | null,
  accountId: string | null,
  clientId: string | null,
  body: string,
];

/** The group's key is the integer half alone, enough to look up whether it was revoked. */
export type SqliteArtifact = Omit<Artifact, 'groupKey'> & { group: number | null };

export function artifactOf([
  key,
  check,
  storedAt,
  expiresAt,
  consumedAt,
  group,
  accountId,
  clientId,
  body,
]: Row): SqliteArtifact {
  return {
    key: artifactKeyOf({ key, check }),
    storedAt,
    expiresAt,
    consumedAt,
    group,
    accountId,
    clientId,
    userCodeKey: null,
    body,
  };
}

/** As it would be read back. */
export function sqliteArtifact({ groupKey, ...rest }: Artifact): SqliteArtifact {
  return { ...rest, userCodeKey: null, group: groupKey === null ? null : rowKeyOf(groupKey).key };
}

const SCHEMA_VERSION = 1;

/** The file's own small versioning: knex does not touch it. @throws when a newer program has made the file. */
export function upgradeSchema(db: Database): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new Error(
      `${db.name} has schema ${version}, this program knows ${SCHEMA_VERSION}: a newer version of it has been here`,
    );
  }
  if (version === SCHEMA_VERSION) return;
  db.transaction(() => {
    // Another process may have been faster between the look and the lock.
    if (db.pragma('user_version', { simple: true }) === SCHEMA_VERSION) return;
    for (const traits of ARTIFACT_MODELS) db.exec(tableSql(traits));
    // Rows are only added, so that another process finds the new ones by `seq`; AUTOINCREMENT never gives a number twice.
    db.exec(`CREATE TABLE revocation (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, group_key INTEGER NOT NULL, revoked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
    ) STRICT`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  }).immediate();
}

// Tokens carry no index: a grant is revoked by a tombstone, expired rows are found by walking the table.
function tableSql(traits: ModelTraits): string {
  const { table } = traits;
  const columns = [
    'key INTEGER PRIMARY KEY',
    'check_bits INTEGER NOT NULL',
    'stored_at INTEGER NOT NULL',
    'expires_at INTEGER',
  ];
  const indexes: string[] = [];
  const index = (column: string): void => {
    indexes.push(`CREATE INDEX ${table}_${column} ON ${table} (${column}) WHERE ${column} IS NOT NULL`);
  };
  if (traits.isConsumable) columns.push('consumed_at INTEGER');
  if (traits.group !== undefined) columns.push('group_key INTEGER');
  if (traits.group === 'uid') index('group_key');
  if (traits.hasAccount) {
    columns.push('account_id TEXT');
    index('account_id');
  }
  if (traits.hasClient) columns.push('client_id TEXT');
  if (traits.hasUserCode) {
    columns.push('user_code_key INTEGER');
    index('user_code_key');
  }
  columns.push('body TEXT NOT NULL');
  return [`CREATE TABLE ${table} (${columns.join(', ')}) STRICT`, ...indexes].join(';\n');
}

export type TableStatements = {
  find: Statement<[number], Row>;
  findByGroup: Statement<[number], Row> | undefined;
  findByUserCode: Statement<[number], Row> | undefined;
  listByAccount: Statement<[string], Row> | undefined;
  insert: Statement;
  change: Statement;
  consume: Statement<[number, number, number], [group: number | null, storedAt: number]> | undefined;
  delete: Statement<[number, number]>;
  walk: Statement<
    [number, number],
    [key: number, check: number, expiresAt: number | null, group: number | null, storedAt: number]
  >;
};

export function prepareTable(db: Database, traits: ModelTraits): TableStatements {
  const { table } = traits;
  const consumed = traits.isConsumable ? 'consumed_at' : 'NULL';
  const group = traits.group === undefined ? 'NULL' : 'group_key';
  const account = traits.hasAccount ? 'account_id' : 'NULL';
  const client = traits.hasClient ? 'client_id' : 'NULL';
  const select = `SELECT key, check_bits, stored_at, expires_at, ${consumed}, ${group}, ${account}, ${client}, body FROM ${table}`;
  const read = <P extends unknown[]>(where: string): Statement<P, Row> =>
    db.prepare<P, Row>(`${select} WHERE ${where}`).raw(true);

  const columns = ['key', ...valueColumns(traits)];
  const changes = valueColumns(traits).map(
    (column) => `${column} = ${column === 'consumed_at' ? 'coalesce(consumed_at, ?)' : '?'}`,
  );
  return {
    find: read('key = ?'),
    findByGroup: traits.group === 'uid' ? read('group_key = ?') : undefined,
    findByUserCode: traits.hasUserCode ? read('user_code_key = ? ORDER BY stored_at DESC') : undefined,
    listByAccount: traits.hasAccount ? read('account_id = ?') : undefined,
    insert: db.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (key) DO NOTHING`,
    ),
    change: db.prepare(`UPDATE ${table} SET ${changes.join(', ')} WHERE key = ?`),
    consume: traits.isConsumable
      ? db
          .prepare<[number, number, number], [number | null, number]>(
            `UPDATE ${table} SET consumed_at = ? WHERE key = ? AND check_bits = ? AND consumed_at IS NULL RETURNING ${group}, stored_at`,
          )
          .raw(true)
      : undefined,
    delete: db.prepare(`DELETE FROM ${table} WHERE key = ? AND check_bits = ?`),
    walk: db
      .prepare<[number, number], [number, number, number | null, number | null, number]>(
        `SELECT key, check_bits, expires_at, ${group}, stored_at FROM ${table} WHERE key > ? ORDER BY key LIMIT ?`,
      )
      .raw(true),
  };
}

function valueColumns(traits: ModelTraits): string[] {
  return [
    'check_bits',
    'stored_at',
    'expires_at',
    ...(traits.isConsumable ? ['consumed_at'] : []),
    ...(traits.group === undefined ? [] : ['group_key']),
    ...(traits.hasAccount ? ['account_id'] : []),
    ...(traits.hasClient ? ['client_id'] : []),
    ...(traits.hasUserCode ? ['user_code_key'] : []),
    'body',
  ];
}

/** The values of `valueColumns`, in their order. */
export function valuesOf(traits: ModelTraits, artifact: Artifact, check: number): unknown[] {
  const values: unknown[] = [check, artifact.storedAt, artifact.expiresAt];
  if (traits.isConsumable) values.push(artifact.consumedAt);
  if (traits.group !== undefined) values.push(artifact.groupKey === null ? null : rowKeyOf(artifact.groupKey).key);
  if (traits.hasAccount) values.push(artifact.accountId);
  if (traits.hasClient) values.push(artifact.clientId);
  if (traits.hasUserCode) values.push(artifact.userCodeKey === null ? null : rowKeyOf(artifact.userCodeKey).key);
  values.push(artifact.body);
  return values;
}
