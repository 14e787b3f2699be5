import { appendAudit } from '../../audit/audit-store.ts';
import type { AuditActor } from '../../domain/audit-event.ts';
import { HANOI_CODE } from '../../domain/place.ts';
import { addDays, type CalendarDate, vietNamDay } from '../../domain/viet-nam-time.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Db, inTransaction, isUniqueViolation } from '../../platform/database.ts';
import { newId } from '../../platform/ids.ts';
import {
  DEFINITIONS_VERSION,
  findSnapshot,
  insertSnapshot,
  type Snapshot,
  type SnapshotFigure,
} from '../stores/snapshot-store.ts';
import { activationRates, type Figures, IS_SPLIT_BY_LEVEL, PUBLISHED_RATES } from './activation-rates.ts';

export type FreezeDeps = { readonly db: Db; readonly clock: Clock };

/** Keeps the figures as of one day as they were known on another, every unit and level. There is one snapshot of two days: asked for again, it is the one
 *  that there is, and the figures would be the same.
 *  @throws RangeError when `knownOn` is not well over, or before `asOf` (`momentOf`). */
export async function freezeSnapshot(
  { db, clock }: FreezeDeps,
  { asOfOn, knownOn, actor }: { asOfOn: CalendarDate; knownOn: CalendarDate; actor: AuditActor },
): Promise<{ kind: 'frozen' | 'was_frozen'; snapshot: Snapshot }> {
  const now = clock();
  const { geography, figures } = await figuresOn(db, { now, asOfOn, knownOn });
  const freeze = inTransaction(db, async (tx) => {
    const known = await findSnapshot(tx, { asOfOn, knownOn });
    if (known !== undefined) return { kind: 'was_frozen' as const, snapshot: known };
    const snapshot: Snapshot = {
      id: newId(),
      asOfOn,
      knownOn,
      geography,
      frozenAt: now,
      definitionsVersion: DEFINITIONS_VERSION,
    };
    await insertSnapshot(tx, snapshot, figures);
    const detail = { snapshot: snapshot.id, as_of: asOfOn, known_on: knownOn };
    await appendAudit(tx, { at: now, actor, action: 'statistics.snapshot_frozen', detail });
    return { kind: 'frozen' as const, snapshot };
  });
  return freeze.catch(async (error: unknown) => {
    // Another process's timer was faster.
    const known = isUniqueViolation(error) ? await findSnapshot(db, { asOfOn, knownOn }) : undefined;
    if (known === undefined) throw error;
    return { kind: 'was_frozen', snapshot: known };
  });
}

/** The timer's: yesterday as it was known at its own end. */
export function freezeYesterday(deps: FreezeDeps): ReturnType<typeof freezeSnapshot> {
  const yesterday = addDays(vietNamDay(deps.clock()), -1);
  return freezeSnapshot(deps, { asOfOn: yesterday, knownOn: yesterday, actor: { kind: 'system' } });
}

/** What a snapshot of these two days holds, counted now. */
export async function figuresOn(
  db: Db,
  { now, asOfOn, knownOn }: { now: Date; asOfOn: CalendarDate; knownOn: CalendarDate },
): Promise<{ geography: Snapshot['geography']; figures: SnapshotFigure[] }> {
  const all = await activationRates(db, { now, asOfDay: asOfOn, knownOnDay: knownOn });
  const figures: SnapshotFigure[] = [];
  for (const accountLevel of [0, 1, 2] as const) {
    const level = accountLevel === 0 ? undefined : accountLevel;
    const rates =
      level === undefined
        ? all
        : await activationRates(db, { now, asOfDay: asOfOn, knownOnDay: knownOn, accountLevel: level });
    figures.push(...rowFigures(HANOI_CODE, accountLevel, rates.whole));
    for (const { code, figures: row } of rates.units.rows) figures.push(...rowFigures(code, accountLevel, row));
  }
  return { geography: all.units.geography, figures };
}

function rowFigures(unitCode: string, accountLevel: 0 | 1 | 2, figures: Figures): SnapshotFigure[] {
  return PUBLISHED_RATES.filter((rate) => accountLevel === 0 || IS_SPLIT_BY_LEVEL[rate]).flatMap((rate) => {
    const figure = figures[rate];
    if (figure.kind === 'suppressed') return [];
    const denominator = figure.kind === 'shown' ? figure.denominator : undefined;
    return [{ unitCode, accountLevel, rate, numerator: figure.numerator, denominator }];
  });
}
