import { type FunnelPlace, funnelPlace, SILENCE_SETTLES_MS, type SilentLoss } from '../domain/activation-funnel.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import { insertRows } from '../platform/bulk-rows.ts';
import { type Db, inTransaction, isPostgres, seeOneMoment } from '../platform/database.ts';
import { finishSilent, listUncounted, markCounted, type UncountedRow } from './attempt-store.ts';

/** Counts attempts that are over and were not counted, oldest first, a bounded batch a call, each exactly once: the count and the mark on the attempt are one
 *  transaction. Until then readers count them from the attempts, so that it makes no difference when this is called; and an activation pays nothing for being
 *  counted. What nothing ended but time is ended by it. Several may count at once. @returns how many; fewer than `limit` when nothing is left. */
export async function countEndedAttempts(db: Db, now: Date, limit = 1_000): Promise<number> {
  return inTransaction(db, async (tx) => {
    const rows = await listUncounted(tx, new Date(now.getTime() - SILENCE_SETTLES_MS), limit);
    if (rows.length === 0) return 0;
    const places = rows.map((row) => ({ row, place: placeOf(row) }));
    for (const [unit, ofUnit] of Map.groupBy(rows, (row) => row.unit)) await markCounted(tx, idsOf(ofUnit), unit);
    const silent = places.filter(({ row }) => row.outcome === null);
    for (const [ending, of] of Map.groupBy(silent, ({ place }) => place.ending))
      await finishSilent(tx, idsOf(of.map(({ row }) => row)), ending as SilentLoss, now);
    await insertRows(tx, 'activation_funnel', addedUp(places), {
      columns: KEY,
      update: { total: 'activation_funnel.total + excluded.total' },
    });
    return rows.length;
  });
}

const KEY = ['day', 'unit_code', 'channel', 'step', 'ending', 'chose_password', 'needs_guardian'] as const;

type CounterRow = Record<(typeof KEY)[number], string | number> & { total: number };

/** One row a key, in key order, so that two processes never wait for each other's rows. */
function addedUp(counted: readonly { row: UncountedRow; place: FunnelPlace }[]): CounterRow[] {
  const totals = new Map<string, CounterRow>();
  for (const { row, place } of counted) {
    const key = {
      day: vietNamDay(new Date(row.created_at)),
      unit_code: row.unit,
      channel: row.channel,
      step: place.step,
      ending: place.ending,
      chose_password: place.choosesPassword ? 1 : 0,
      needs_guardian: place.needsGuardian ? 1 : 0,
    };
    const text = Object.values(key).join('|');
    const known = totals.get(text);
    if (known === undefined) totals.set(text, { ...key, total: 1 });
    else known.total += 1;
  }
  return [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function idsOf(rows: readonly UncountedRow[]): string[] {
  return rows.map(({ id }) => id);
}

function placeOf(row: UncountedRow): FunnelPlace {
  return funnelPlace({
    step: row.step,
    outcome: row.outcome ?? undefined,
    isMatched: row.account_id !== null,
    refusal: row.silence ?? undefined,
    hasPassword: row.has_password === 1,
    needsGuardian: row.needs_guardian === 1,
    isOver: true,
  });
}

export type FunnelDifference = { readonly day: string; readonly counted: number; readonly recounted: number };

/** Compares, day by day, the attempts that are counted, or wait for it, with those that the audit says were started: it is kept for ever, attempts are not. From the day
 *  after the first one counted, because before that counting began in the middle. Nothing could be repaired: how an attempt ended is nowhere else. */
export async function checkFunnel(db: Db): Promise<FunnelDifference[]> {
  return inTransaction(db, async (tx) => {
    await seeOneMoment(tx);
    const counted = (await tx('activation_funnel').select('day').sum({ total: 'total' }).groupBy('day')) as DayTotal[];
    const firstDay = counted.map(({ day }) => day).toSorted()[0];
    if (firstDay === undefined) return [];
    const waiting = await dayTotals(tx, 'activation_attempts', 'created_at', 'counted_unit is null');
    const started = await dayTotals(tx, 'audit_entries', 'occurred_at', `action = 'activation.started'`);
    const of = (totals: readonly DayTotal[], day: string): number =>
      totals.filter((one) => one.day === day).reduce((sum, { total }) => sum + Number(total), 0);
    const days = [...new Set([...counted, ...waiting, ...started].map(({ day }) => day))].toSorted();
    return days
      .filter((day) => day > firstDay)
      .map((day) => ({ day, counted: of(counted, day) + of(waiting, day), recounted: of(started, day) }))
      .filter((one) => one.counted !== one.recounted);
  });
}

type DayTotal = { day: string; total: number | string };

/** Rows by their day in Viet Nam (UTC+7). */
async function dayTotals(tx: Db, table: string, column: string, condition: string): Promise<DayTotal[]> {
  const number = isPostgres(tx) ? `div(${column} + 25200000, 86400000)` : `(${column} + 25200000) / 86400000`;
  const rows = (await tx(table)
    .whereRaw(condition)
    .select({ number: tx.raw(number) })
    .count({ total: '*' })
    .groupBy('number')) as { number: number | string; total: number | string }[];
  return rows.map((row) => ({ day: vietNamDay(new Date(Number(row.number) * 86_400_000)), total: row.total }));
}
