import type { Geography } from '../../domain/place.ts';
import type { RateId } from '../../domain/rate.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import { insertRows } from '../../platform/bulk-rows.ts';
import type { Db } from '../../platform/database.ts';

/** What the figures mean: 1, persons counted in the unit where they activated; 2, where they live while they are alive. A change of a numerator's rule takes
 *  the next number, and snapshots of before keep theirs. */
export const DEFINITIONS_VERSION = 2;

/** Figures as of the end of a day, as they were known at the end of a day. Never changed. */
export type Snapshot = {
  readonly id: string;
  readonly asOfOn: CalendarDate;
  readonly knownOn: CalendarDate;
  readonly geography: Geography;
  readonly frozenAt: Date;
  /** `DEFINITIONS_VERSION` of that time. */
  readonly definitionsVersion: number;
};

export type SnapshotFigure = {
  /** The city itself by its own code; '' for facts without a unit. */
  readonly unitCode: string;
  /** 0 for all levels together. */
  readonly accountLevel: 0 | 1 | 2;
  readonly rate: RateId;
  readonly numerator: number;
  /** Undefined where no basis was loaded. */
  readonly denominator: number | undefined;
};

/** @throws a unique violation when there is a snapshot of these two days. */
export async function insertSnapshot(tx: Db, snapshot: Snapshot, figures: readonly SnapshotFigure[]): Promise<void> {
  await tx('statistics_snapshots').insert({
    id: snapshot.id,
    as_of_on: snapshot.asOfOn,
    known_on: snapshot.knownOn,
    geography: snapshot.geography,
    frozen_at: snapshot.frozenAt.getTime(),
    definitions_version: snapshot.definitionsVersion,
  });
  const rows = figures.map((figure) => ({
    snapshot_id: snapshot.id,
    unit_code: figure.unitCode,
    account_level: figure.accountLevel,
    rate: figure.rate,
    numerator: figure.numerator,
    denominator: figure.denominator ?? null,
  }));
  await insertRows(tx, 'statistics_snapshot_figures', rows);
}

type SnapshotRow = {
  id: string;
  as_of_on: string;
  known_on: string;
  geography: Geography;
  frozen_at: number;
  definitions_version: number;
};

/** The latest day first. */
export async function listSnapshots(db: Db, limit: number): Promise<Snapshot[]> {
  const rows = (await db('statistics_snapshots')
    .orderBy([
      { column: 'as_of_on', order: 'desc' },
      { column: 'known_on', order: 'desc' },
    ])
    .limit(limit)) as SnapshotRow[];
  return rows.map(snapshotOf);
}

export async function findSnapshot(
  db: Db,
  key: { id: string } | { asOfOn: CalendarDate; knownOn: CalendarDate },
): Promise<Snapshot | undefined> {
  const where = 'id' in key ? { id: key.id } : { as_of_on: key.asOfOn, known_on: key.knownOn };
  const row = (await db('statistics_snapshots').where(where).first()) as SnapshotRow | undefined;
  return row && snapshotOf(row);
}

export async function listSnapshotFigures(db: Db, snapshotId: string): Promise<SnapshotFigure[]> {
  const rows = (await db('statistics_snapshot_figures')
    .where({ snapshot_id: snapshotId })
    .orderBy(['unit_code', 'rate', 'account_level'])) as {
    unit_code: string;
    account_level: 0 | 1 | 2;
    rate: RateId;
    numerator: number;
    denominator: number | null;
  }[];
  return rows.map((row) => ({
    unitCode: row.unit_code,
    accountLevel: row.account_level,
    rate: row.rate,
    numerator: row.numerator,
    denominator: row.denominator ?? undefined,
  }));
}

function snapshotOf(row: SnapshotRow): Snapshot {
  return {
    id: row.id,
    asOfOn: row.as_of_on,
    knownOn: row.known_on,
    geography: row.geography,
    frozenAt: new Date(row.frozen_at),
    definitionsVersion: row.definitions_version,
  };
}
