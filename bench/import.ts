/** How fast a register file goes into the embedded SQLite, against the least that could be done: a loop of prepared statements that inserts the very same
 *  rows (all tables, all indexes), already encrypted and indexed. The people are those of `dinhdanh demo hanoi` at the size asked for, in the order in
 *  which they were notified; `--scattered` takes people spread evenly over 540 days and 156 units, the worst case for counters.
 *  Run: node bench/import.ts [--people 100000] [--runs 3] [--scattered] */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { numberIndexes } from '../src/accounts/person-store.ts';
import { keepHeapSmall } from '../src/cli/small-heap.ts';
import { systemClock } from '../src/platform/clock.ts';
import { migrate, openDatabase } from '../src/platform/database.ts';
import { createVault, type Vault } from '../src/platform/vault.ts';
import { generatePeople } from '../src/register/generate-people.ts';
import { createHanoiRegister } from '../src/register/hanoi-register.ts';
import { importPeople } from '../src/register/import-people.ts';
import type { PersonRecord } from '../src/register/person-record.ts';
import { PERSON_HEADER, writePersonRow } from '../src/register/write-person-row.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string' },
    runs: { type: 'string' },
    scattered: { type: 'boolean' },
    import: { type: 'string' },
    into: { type: 'string' },
  },
});
const people = Number(values.people ?? 100_000);
const runs = Number(values.runs ?? 3);
const TABLES = [
  'persons',
  'accounts',
  'level_grants',
  'activations',
  'activation_events',
  'activation_counters',
  'activation_month_counters',
  'activation_whole_counters',
  'activation_wait_counters',
  'activation_counter_versions',
  'resident_counters',
  'audit_entries',
];
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'foreign_keys = ON',
  'cache_size = -65536',
  'temp_store = MEMORY',
];

type Measured = { seconds: number; cpuSeconds: number; rows: number; peakRssMb: number };

function freshVault(): Vault {
  const ring = [{ id: 'k1', key: randomBytes(32) }];
  return createVault({ dataKeys: ring, indexKeys: ring });
}

/** The first so many of the whole city, so that a batch is as it is in the whole. */
function* records(count: number): Generator<PersonRecord> {
  if (values.scattered === true) {
    yield* generatePeople({ count, seed: 1, now: systemClock() });
    return;
  }
  const hanoi = createHanoiRegister({ scale: 1, seed: 1 });
  for (let index = 0; index < count; index += 1) yield* hanoi.recordsOf(index);
}

async function writeFile(file: string): Promise<void> {
  function* lines(): Generator<string> {
    yield `${PERSON_HEADER}\n`;
    let text = '';
    for (const record of records(people)) {
      text += `${writePersonRow(record)}\n`;
      if (text.length < 65_536) continue;
      yield text;
      text = '';
    }
    yield text;
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

/** In a process of its own, as the command runs it: what it needs of memory is then its own. */
function measureImport(csv: string, file: string): Measured {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [import.meta.filename, '--import', csv, '--into', file],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

async function importOnce(csv: string, file: string): Promise<Measured> {
  keepHeapSmall();
  const db = openDatabase({ kind: 'sqlite', file });
  await migrate(db);
  const deps = { db, vault: freshVault(), clock: systemClock, config: { isSandbox: true } };
  const started = performance.now();
  const startedCpu = cpuSeconds();
  const outcome = await importPeople(deps, { file: csv });
  const seconds = (performance.now() - started) / 1000;
  const cpu = cpuSeconds() - startedCpu;
  await db.destroy();
  if (outcome.kind !== 'read' || outcome.refused > 0)
    throw new Error(`the file was not read: ${JSON.stringify(outcome)}`);
  return { seconds, cpuSeconds: cpu, rows: outcome.rows, peakRssMb: process.resourceUsage().maxRSS / 1000 };
}

/** The same rows in the same transactions: the import ends each batch with an audit entry, and ids ascend. Only the inserts are timed, not the reading
 *  of the rows from the imported file. */
async function measureBareLoop(source: string, file: string): Promise<Pick<Measured, 'seconds' | 'cpuSeconds'>> {
  const schema = openDatabase({ kind: 'sqlite', file });
  await migrate(schema);
  await schema.destroy();
  const to = new Database(file);
  for (const pragma of PRAGMAS) to.pragma(pragma);
  const lastIds = listBatchEnds(source);
  const tables = TABLES.map((table) => openTable(source, to, { table, batches: lastIds.length }));
  let milliseconds = 0;
  let cpu = 0;
  for (const lastId of lastIds) {
    const slices = tables.map((table) => table.take(lastId));
    const started = performance.now();
    const startedCpu = cpuSeconds();
    to.exec('begin');
    slices.forEach((slice, at) => {
      const insert = tables[at]?.insert;
      for (const row of slice) insert?.run(row);
    });
    to.exec('commit');
    milliseconds += performance.now() - started;
    cpu += cpuSeconds() - startedCpu;
  }
  for (const table of tables) table.close();
  to.close();
  return { seconds: milliseconds / 1000, cpuSeconds: cpu };
}

function listBatchEnds(source: string): string[] {
  const db = new Database(source, { readonly: true });
  const ids = db.prepare('select id from audit_entries order by id').pluck().all() as string[];
  db.close();
  return ids;
}

type OpenTable = {
  insert: Database.Statement;
  /** The next batch's rows: up to this id, or in a table without ids an equal share. */
  take(lastId: string): unknown[][];
  close(): void;
};

function openTable(
  source: string,
  to: Database.Database,
  { table, batches }: { table: string; batches: number },
): OpenTable {
  // A connection that iterates can do nothing else.
  const from = new Database(source, { readonly: true });
  const columns = (from.pragma(`table_info(${table})`) as { name: string }[]).map((column) => column.name);
  const hasId = columns[0] === 'id';
  const share = Math.ceil((from.prepare(`select count(*) from ${table}`).pluck().get() as number) / batches);
  const order = hasId ? 'id' : 'rowid';
  const rows = from
    .prepare(`select ${columns.join(', ')} from ${table} order by ${order}`)
    .raw()
    .iterate();
  let waiting = rows.next();
  return {
    insert: to.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`),
    take(lastId) {
      const slice: unknown[][] = [];
      for (; waiting.done !== true; waiting = rows.next()) {
        const row = waiting.value as unknown[];
        if (hasId ? String(row[0]) > lastId : slice.length === share) break;
        slice.push(row);
      }
      return slice;
    },
    close() {
      rows.return?.();
      from.close();
    },
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function measureProtection(): number {
  const vault = freshVault();
  const rows = [...records(Math.min(people, 20_000))];
  const started = performance.now();
  for (const record of rows) {
    numberIndexes(vault, record);
    vault.seal(record.citizenId, { table: 'persons', column: 'citizen_id', id: record.citizenId });
    if (record.phone !== undefined) vault.seal(record.phone, { table: 'persons', column: 'phone', id: record.phone });
  }
  return ((performance.now() - started) * 1000) / rows.length;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

if (values.import !== undefined && values.into !== undefined)
  console.log(JSON.stringify(await importOnce(values.import, values.into)));
else await compare();

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-bench-'));
  try {
    const csv = join(folder, 'people.csv');
    await writeFile(csv);
    const imports: Measured[] = [];
    const bare: Pick<Measured, 'seconds' | 'cpuSeconds'>[] = [];
    for (let run = 0; run < runs; run += 1) {
      const imported = join(folder, `import-${run}.db`);
      const measured = measureImport(csv, imported);
      imports.push(measured);
      bare.push(await measureBareLoop(imported, join(folder, `bare-${run}.db`)));
      rmSync(imported);
      rmSync(join(folder, `bare-${run}.db`));
    }
    const rows = imports[0]?.rows ?? 0;
    const importSeconds = median(imports.map((one) => one.seconds));
    const bareSeconds = median(bare.map((one) => one.seconds));
    const importCpu = median(imports.map((one) => one.cpuSeconds));
    const bareCpu = median(bare.map((one) => one.cpuSeconds));
    console.log(`people ${people}, rows ${rows}, ${runs} runs, medians`);
    const line = (name: string, seconds: number, cpu: number): string =>
      `${name} ${seconds.toFixed(2)} s  ${Math.round(rows / seconds)} rows/s, ${Math.round((cpu * 1e6) / rows)} us of processor time a row`;
    console.log(line('import     ', importSeconds, importCpu));
    console.log(line('bare loop  ', bareSeconds, bareCpu));
    console.log(
      `ratio       ${(bareSeconds / importSeconds).toFixed(2)} (goal >= 0.5); of processor time ${(bareCpu / importCpu).toFixed(2)}`,
    );
    const protection = measureProtection();
    const ownSeconds = importSeconds - (protection * rows) / 1e6;
    console.log(
      `encryption and blind indexes ${protection.toFixed(1)} us a row, of ${((importSeconds * 1e6) / rows).toFixed(1)}; without them the ratio is ${(bareSeconds / ownSeconds).toFixed(2)}`,
    );
    console.log(`peak memory ${Math.round(Math.max(...imports.map((one) => one.peakRssMb)))} MB (goal < 300)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
