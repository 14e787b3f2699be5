import { listResidentMonths } from '../../accounts/resident-counter-store.ts';
import type { ActivationChannel } from '../../domain/activation.ts';
import { bandsOf, LATE_BANDS, LATE_MEASURES, type LateBand } from '../../domain/late-backlog.ts';
import { BAND_AGES } from '../../domain/resident-ledger.ts';
import { type CalendarDate, lastDayOf } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { whileUnchanged } from '../figures/kept-readings.ts';
import { addedPersons, personsFrom, publicAgeMin, RESIDENTS_AGE_MIN } from '../figures/resident-counts.ts';
import { FIRST_MONTH, listChannelMonths, listMonthTotals } from '../stores/counter-store.ts';
import { basesInForceOf, listDenominatorVersions } from '../stores/denominator-store.ts';
import { monthsOf } from './edition-months.ts';
import { type Cell, type ProtectedCells, protectCells } from './protect-residents.ts';
import { type EditionTable, editions, type Tally } from './table-editions.ts';

type At = { readonly day: CalendarDate; readonly knownAt: Date };

/** Rows as the public last saw them, each with the end of the month in which it was published anew; a row that never was is missing. */
type LastSeen<Key, Row> = ReadonlyMap<Key, Row & { readonly day: CalendarDate }>;

export type ChannelEdition = {
  readonly isWholeShown: boolean;
  readonly rows: LastSeen<ActivationChannel | '', { readonly count: number; readonly of: number }>;
};

/** Channels of all units and levels at the end of a month that is over. */
export function channelEdition(db: Db, at: At): Promise<ChannelEdition> {
  return whileUnchanged(db, { of: 'public channels', day: at.day, knownAt: at.knownAt }, async () => {
    const to = at.day.slice(0, 7);
    const added = Map.groupBy(await listChannelMonths(db, { to }), ({ month }) => month);
    const publish = editions();
    const counts = new Map<ActivationChannel | '', number>();
    const rows = new Map<ActivationChannel | '', { count: number; of: number; day: CalendarDate }>();
    let isWholeShown = false;
    for (const month of monthsOf(added.keys(), to)) {
      for (const { channel, total } of added.get(month) ?? []) counts.set(channel, (counts.get(channel) ?? 0) + total);
      const of = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const shown = publish(countTable(counts));
      isWholeShown = shown.total === 1;
      for (const [channel, count] of counts)
        if (shown.rows.get(channel) === 1) rows.set(channel, { count, of, day: lastDayOf(month) });
    }
    return { isWholeShown, rows };
  });
}

export type BacklogEdition = {
  readonly isWholeShown: boolean;
  readonly rows: LastSeen<LateBand, { readonly count: number }>;
};

/** What is late in all units and levels at the end of a month that is over. */
export function backlogEdition(db: Db, at: At): Promise<BacklogEdition> {
  return whileUnchanged(db, { of: 'public backlog', day: at.day, knownAt: at.knownAt }, async () => {
    const to = at.day.slice(0, 7);
    const parts = await listMonthTotals(db, { from: FIRST_MONTH, to, measures: LATE_MEASURES });
    const added = Map.groupBy(parts, ({ month }) => month);
    const publish = editions();
    const late = { late_from_8: 0, late_from_31: 0, late_from_91: 0 };
    const rows = new Map<LateBand, { count: number; day: CalendarDate }>();
    let isWholeShown = false;
    for (const month of monthsOf(added.keys(), to)) {
      for (const { measure, total } of added.get(month) ?? []) late[measure as keyof typeof late] += total;
      const bands = bandsOf(late);
      const shown = publish(countTable(new Map(LATE_BANDS.map((band) => [band, bands[band]]))));
      isWholeShown = shown.total === 1;
      for (const band of LATE_BANDS)
        if (shown.rows.get(band) === 1) rows.set(band, { count: bands[band], day: lastDayOf(month) });
    }
    return { isWholeShown, rows };
  });
}

/** One count a row. */
function countTable(counts: ReadonlyMap<string, number>): EditionTable {
  const tally = (count: number): Tally => ({ counts: [[count]], totals: [[count]] });
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { total: tally(total), rows: new Map([...counts].map(([key, count]) => [key, tally(count)])) };
}

/** Residents of the ages from 14 on, by age band and sex, at the end of a month that is over: younger people activate with a guardian. */
export function residentsEdition(db: Db, at: At): Promise<ProtectedCells> {
  return whileUnchanged(db, { of: 'public residents', day: at.day, knownAt: at.knownAt }, async () => {
    const to = at.day.slice(0, 7);
    const versions = await listDenominatorVersions(db);
    const measures = ['activated'] as const;
    const granted = Map.groupBy(await listMonthTotals(db, { from: FIRST_MONTH, to, measures }), ({ month }) => month);
    const grants = { activated: 0, level2: 0 };
    const added = Map.groupBy(await listResidentMonths(db, { to, by: 'gender' }), ({ month }) => month);
    const cells = new Map<string, Cell>();
    for (const ageFrom of BAND_AGES)
      for (const gender of ['female', 'male']) cells.set(`${ageFrom}|${gender}`, { ...addedPersons([]), ageFrom });
    const publish = protectCells();
    let published: ProtectedCells | undefined;
    for (const month of monthsOf([...added.keys(), ...granted.keys()], to)) {
      for (const { accountLevel, total } of granted.get(month) ?? []) {
        grants.activated += total;
        if (accountLevel === 2) grants.level2 += total;
      }
      for (const { ageFrom, place, ...counts } of added.get(month) ?? []) {
        const cell = cells.get(`${ageFrom}|${place}`);
        if (cell !== undefined) cells.set(`${ageFrom}|${place}`, { ...addedPersons([cell, counts]), ageFrom });
      }
      const day = lastDayOf(month);
      const targets = basesInForceOf(versions, { basis: 'assigned_target', day, knownAt: at.knownAt });
      const from = publicAgeMin(targets?.ageMin);
      const shown = new Map([...cells].filter(([, cell]) => cell.ageFrom >= RESIDENTS_AGE_MIN));
      const counts = personsFrom([...cells.values()], from);
      published = publish(shown, { day, daily: { from, counts, grants: { ...grants } } });
    }
    if (published === undefined) throw new Error('The month asked for always has an edition.');
    return published;
  });
}
