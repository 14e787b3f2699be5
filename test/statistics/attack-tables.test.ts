import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { LATE_BANDS } from '../../src/domain/late-backlog.ts';
import type { ACTIVATION_ANSWER } from '../../src/statistics/as-data/data-schemas.ts';
import { lateBacklog } from '../../src/statistics/figures/late-backlog.ts';
import type { Line } from '../../src/statistics/open/open-datasets.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { determinedCells, type Equation } from '../support/linear-attack.ts';
import { boundsOf, type KnownSum } from '../support/simplex.ts';
import { recordCohort, TABLES } from './statistics-db.ts';

const ENDS = ['2025-12-31', '2026-01-31', '2026-02-28'];
const CHANNELS = ['self', 'assist_point', 'police', 'mobile_team', 'hotline', 'qr_guide'] as const;
/** Mondays of the notices; the first is older than what is published by week, the one before the last lies in two months. */
const WEEKS = ['2025-09-01', '2025-12-01', '2025-12-15', '2026-01-05', '2026-01-12', '2026-01-26', '2026-02-09'];

/** Grants notified in a week, of which so many activated in each month through a channel; the rest did not. */
type Week = { readonly activated: readonly (readonly number[])[]; readonly open: number };

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

const ask = async <T>(path: string): Promise<T> => (await test.browser().agent.get(path)).body as T;
type Answer = z.infer<typeof ACTIVATION_ANSWER>;
type File = { rows: Line[] };
type Report = { channels: Line[]; late_backlog: Line };

async function fill(weeks: readonly Week[]): Promise<void> {
  const { db } = test.app;
  for (const table of TABLES) await db(table).delete();
  let second = 0;
  const record = async (week: number, count: number, rest: object): Promise<void> => {
    if (count === 0) return;
    second += 1;
    // Each at another second: then each has accounts of its own.
    const notifiedAt = new Date(Date.parse(`${WEEKS[week]}T03:00:00Z`) + second * 1_000);
    await recordCohort(db, { unitCode: '00004', notified: count, activated: count, notifiedAt, ...rest });
  };
  for (const [week, { activated, open }] of weeks.entries()) {
    for (const [month, channels] of activated.entries())
      for (const [channel, count] of channels.entries()) {
        const noticed = `${WEEKS[week]}T05:00:00Z`;
        if (noticed > `${ENDS[month]}T17:00:00Z`) continue;
        const activatedAt = new Date(
          noticed.startsWith(ENDS[month]?.slice(0, 7) ?? '') ? noticed : `${ENDS[month]}T05:00:00Z`,
        );
        await record(week, count, { activatedAt, channel: CHANNELS[channel] });
      }
    await record(week, open, { activated: 0 });
  }
}

/** How many of a week's notices activated in a month, through each channel. None before the notice. */
function activatedIn(weeks: readonly Week[], week: number, month: number): readonly number[] {
  return (WEEKS[week] as string) > (ENDS[month] as string) ? [] : (weeks[week]?.activated[month] ?? []);
}

type Target = { of: number[]; value: number; name: string };

/** Small counts of which one value alone is left. */
function laidBare(width: number, known: readonly KnownSum[], targets: readonly Target[]): string[] {
  const small = targets.filter(({ value }) => value >= 1 && value <= 9);
  const bounds = boundsOf(
    width,
    known,
    small.map(({ of }) => of),
  );
  return small.flatMap(({ name, value }, index) => {
    const { least, most } = bounds[index] as { least: number; most: number };
    return Math.ceil(least - 1e-6) === Math.floor(most + 1e-6) ? [`${name}: ${value}`] : [];
  });
}

const upTo = (month: number): number[] => Array.from({ length: month + 1 }, (_, index) => index);

/** What came through each channel, in each month. */
function attackChannels(weeks: readonly Week[], answers: readonly Answer[]): string[] {
  const at = (month: number, channel: number): number => month * CHANNELS.length + channel;
  const known: KnownSum[] = [];
  const targets: Target[] = [];
  const inMonth = (month: number, channel: number): number =>
    WEEKS.reduce((sum, _, week) => sum + (activatedIn(weeks, week, month)[channel] ?? 0), 0);
  for (const [month, { rates, channels }] of answers.entries()) {
    const value = rates.find((one) => one.id === 'activation_of_granted')?.numerator ?? null;
    if (value !== null)
      known.push({ of: upTo(month).flatMap((one) => CHANNELS.map((_, channel) => at(one, channel))), value });
    for (const [channel, name] of CHANNELS.entries()) {
      const row = channels.rows.find((one) => one.channel === name);
      if (typeof row?.numerator === 'number')
        known.push({ of: upTo(ENDS.indexOf(row.as_of_day)).map((one) => at(one, channel)), value: row.numerator });
      const until = upTo(month).reduce((sum, one) => sum + inMonth(one, channel), 0);
      targets.push({
        of: upTo(month).map((one) => at(one, channel)),
        value: until,
        name: `${name} until ${ENDS[month]}`,
      });
      targets.push({ of: [at(month, channel)], value: inMonth(month, channel), name: `${name} in ${ENDS[month]}` });
    }
  }
  return laidBare(ENDS.length * CHANNELS.length, known, targets);
}

/** Who of each week's notices activated in each month, and who has not at its end. How many were notified every day's figures of the whole tell. */
function attackWaits(weeks: readonly Week[], answers: readonly Answer[]): string[] {
  const at = (week: number, month: number): number => week * ENDS.length * 2 + month;
  const openAt = (week: number, month: number): number => at(week, month) + ENDS.length;
  const known: KnownSum[] = [];
  const targets: Target[] = [];
  const inMonth = (week: number, month: number): number =>
    activatedIn(weeks, week, month).reduce((sum, one) => sum + one, 0);
  const notified = (week: number, by: number): number =>
    (WEEKS[week] as string) > (ENDS[by] as string)
      ? 0
      : ENDS.reduce((sum, _, month) => sum + inMonth(week, month), 0) + (weeks[week]?.open ?? 0);
  for (const [month, { time_to_activate: waits }] of answers.entries()) {
    const window = WEEKS.flatMap((monday, week) =>
      monday >= waits.notified_from && monday <= waits.notified_to ? [week] : [],
    );
    known.push({
      of: WEEKS.map((_, week) => at(week, month)),
      value: WEEKS.reduce((sum, _, week) => sum + inMonth(week, month), 0),
    });
    if (waits.activated !== null)
      known.push({ of: window.flatMap((week) => upTo(month).map((one) => at(week, one))), value: waits.activated });
    for (const [week, monday] of WEEKS.entries()) {
      const all = upTo(month).map((one) => at(week, one));
      known.push({ of: [...all, openAt(week, month)], value: notified(week, month) });
      const row = waits.weeks.find((one) => one.monday === monday);
      if (typeof row?.activated === 'number')
        known.push({ of: upTo(ENDS.indexOf(row.as_of_day)).map((one) => at(week, one)), value: row.activated });
      const activated = upTo(month).reduce((sum, one) => sum + inMonth(week, one), 0);
      const name = `week of ${monday} at ${ENDS[month]}`;
      targets.push({ of: all, value: activated, name: `${name} activated` });
      targets.push({ of: [at(week, month)], value: inMonth(week, month), name: `${name} activated in the month` });
      targets.push({ of: [openAt(week, month)], value: notified(week, month) - activated, name: `${name} open` });
    }
  }
  return laidBare(WEEKS.length * ENDS.length * 2, known, targets);
}

/** What is late of each age at each month's end, and how far it went since the last. */
function attackBacklog(answers: readonly Answer[], truth: readonly Truth[]): string[] {
  const width = ENDS.length * LATE_BANDS.length;
  const at = (month: number, band: number): number => month * LATE_BANDS.length + band;
  const equations: Equation[] = [];
  const learn = (of: readonly number[], value: number): void => {
    equations.push({ coefficients: Array.from({ length: width }, (_, index) => (of.includes(index) ? 1 : 0)), value });
  };
  const targets: Target[] = [];
  for (const [month, { late_backlog: backlog }] of answers.entries()) {
    // Known in any case: what fell due, was on time, and was activated afterwards.
    learn(
      upTo(month).flatMap((one) => LATE_BANDS.map((_, band) => at(one, band))),
      truth[month]?.all ?? 0,
    );
    for (const [band, name] of LATE_BANDS.entries()) {
      const row = backlog.by_age.find((one) => one.days === name);
      if (typeof row?.grants === 'number')
        learn(
          upTo(ENDS.indexOf(row.as_of_day)).map((one) => at(one, band)),
          row.grants,
        );
      const of = (one: number): number => truth[one]?.by_age.find((each) => each.days === name)?.grants ?? 0;
      targets.push({
        of: upTo(month).map((one) => at(one, band)),
        value: of(month),
        name: `${name} at ${ENDS[month]}`,
      });
      targets.push({ of: [at(month, band)], value: of(month) - of(month - 1), name: `${name} in ${ENDS[month]}` });
    }
  }
  const found = determinedCells(
    equations,
    targets.map(({ of }) => of),
  );
  return targets.flatMap(({ name, value }, index) =>
    found[index] !== undefined && value !== 0 && Math.abs(value) < 10 ? [`${name}: ${value}`] : [],
  );
}

type Truth = { readonly all: number | null; readonly by_age: readonly { days: string; grants: number | null }[] };

async function truthOf(day: string): Promise<Truth> {
  const { counts } = await lateBacklog(test.app.db, { now: test.app.clock(), asOfDay: day });
  return { all: counts.all, by_age: LATE_BANDS.map((days) => ({ days, grants: counts[days] })) };
}

/** Files, reports and drawings say what the answer says, and nothing that it does not. */
async function checkOtherPages(answer: Answer, day: string): Promise<void> {
  const month = day.slice(0, 7);
  const channels = await ask<File>(`/statistics/open-data/channels.json?as_of=${month}`);
  expect(
    channels.rows.map((row: Line) => [row['channel'], row['as_of_day'], row['activations'], row['of_activations']]),
  ).toEqual(answer.channels.rows.map((row) => [row.channel, row.as_of_day, row.numerator, row.denominator]));
  const backlog = await ask<File>(`/statistics/open-data/backlog.json?as_of=${month}`);
  const { by_age: byAge, all } = answer.late_backlog;
  expect(backlog.rows.map((row: Line) => [row['days_since_notice'], row['as_of_day'], row['late_grants']])).toEqual([
    ...byAge.map((row) => [row.days, row.as_of_day, row.grants]),
    ['all', day, all],
  ]);
  const report = await ask<Report>(`/statistics/report.json?period=month&of=${day}`);
  const ofThen = (asOf: string, count: number | null): number | null => (asOf === day ? count : null);
  expect(report.channels.map(({ numerator }) => numerator)).toEqual(
    answer.channels.rows.map((row) => ofThen(row.as_of_day, row.numerator)),
  );
  expect(LATE_BANDS.map((band) => report.late_backlog[band])).toEqual(
    byAge.map((row) => ofThen(row.as_of_day, row.grants)),
  );
  const residents = await ask<File>(`/statistics/open-data/residents.json?as_of=${month}`);
  expect(
    residents.rows.map((row: Line) => [row['as_of_day'], row['ever_activated'], row['level_2'], row['usable']]),
  ).toEqual(
    answer.residents_by_age_and_sex.rows.map((row) => [row.as_of_day, row.ever_activated, row.level_2, row.usable]),
  );
  // Drawings hold no name of a channel that is not published, and no count that is not in the answer.
  const told = new Set(JSON.stringify(answer).match(/\d+/g));
  for (const name of ['channels', 'backlog', 'ages']) {
    const { text, status } = await test.browser().get(`/statistics/charts/${name}.svg?as_of=${day}`);
    expect(status).toBe(200);
    const said = [...text.matchAll(/<title[^>]*>([^<]*)<|aria-label="([^"]*)"/g)].map(
      ([, title, label]) => title ?? label ?? '',
    );
    const counts = said.flatMap(
      (one) => one.replaceAll(/\d+(,\d+)?%|\d+[–/]\d+(\/\d+)?|\d+ tuổi/g, '').match(/\d[\d.]*/g) ?? [],
    );
    for (const count of counts)
      if (Number(count.replaceAll('.', '')) > 91) expect(told).toContain(count.replaceAll('.', ''));
  }
}

async function found(weeks: readonly Week[]): Promise<string[]> {
  await fill(weeks);
  const answers: Answer[] = [];
  const truth: Truth[] = [];
  for (const day of ENDS) {
    answers.push(await ask<Answer>(`/statistics/activation.json?as_of=${day}`));
    truth.push(await truthOf(day));
    await checkOtherPages(answers.at(-1) as Answer, day);
  }
  for (const { channels, time_to_activate: waits, late_backlog: backlog } of answers) {
    seen.channels += channels.rows.filter((row) => row.numerator !== null).length;
    seen.stale += channels.rows.filter((row) => row.as_of_day !== channels.as_of_day).length;
    seen.weeks += waits.weeks.filter((row) => row.activated !== null).length;
    seen.bands += backlog.by_age.filter((row) => row.grants !== null).length;
  }
  return [...attackChannels(weeks, answers), ...attackWaits(weeks, answers), ...attackBacklog(answers, truth)];
}

/** What was published: the attacker is not kept away by showing nothing. */
const seen = { channels: 0, stale: 0, weeks: 0, bands: 0 };

/** The other channels have enough of their own. */
const month = (...counts: number[]): number[] =>
  counts.length === 0 ? [] : [...counts, 0, 0].slice(0, 3).concat(15, 20, 25);
const week = (open: number, ...activated: number[][]): Week => {
  return { activated: ENDS.map((_, index) => activated[index] ?? month()), open };
};
const quiet = week(0);
const old = week(60, month(30), month(20), month(20));

const ADVERSARIAL: Readonly<Record<string, readonly Week[]>> = {
  'one came through a channel in a month': [
    old,
    week(40, month(40, 30, 25), month(0, 0, 1)),
    week(30, month(20, 20, 20)),
    week(30, month(), month(30, 20)),
    week(25, month(), month(20, 20)),
  ],
  'three of an old week came late': [
    old,
    week(30, month(20, 20), month(), month(3)),
    week(30, month(30), month(20)),
    week(30, month(), month(40), month(20)),
    week(40, month(), month(30, 12)),
    quiet,
    week(30, month(), month(), month(40, 20)),
  ],
  'few are late': [
    old,
    week(4, month(40, 20)),
    week(30, month(40, 30)),
    week(2, month(), month(40, 30)),
    week(30, month(), month(50)),
  ],
  'a channel that appears late': [
    old,
    week(30, month(50)),
    week(30, month(40, 20)),
    week(30, month(), month(30, 20, 2)),
    week(20, month(), month(20, 20, 20)),
    week(20, month(), month(), month(20, 20, 30)),
  ],
};

describe('whoever asks for everything about all of the city that the public may have, for months', () => {
  it.each(Object.entries(ADVERSARIAL))(
    'finds no small count of a channel, a week or an age of what is late: %s',
    async (_, weeks) => {
      expect(await found(weeks)).toEqual([]);
    },
  );

  const size = fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 3, arbitrary: fc.integer({ min: 10, max: 45 }) },
  );
  const anyWeek = fc.record({
    activated: fc.array(fc.array(size, { minLength: 6, maxLength: 6 }), { minLength: 3, maxLength: 3 }),
    open: size,
  });
  const anyOld = anyWeek.map((one) => ({ ...one, open: one.open + 60 }));
  it('finds none in any register', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyOld,
        fc.array(anyWeek, { minLength: 4, maxLength: WEEKS.length - 1 }),
        async (first, weeks) => {
          expect(await found([first, ...weeks])).toEqual([]);
        },
      ),
      { numRuns: 10, endOnFailure: true, interruptAfterTimeLimit: 90_000 },
    );
    expect(
      Object.values(seen).every((count) => count > 0),
      JSON.stringify(seen),
    ).toBe(true);
  }, 240_000);
});
