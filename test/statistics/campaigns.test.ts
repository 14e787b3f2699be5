import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/statistics/figures/activation-rates.ts';
import { campaignReport, listPeriodsToMark } from '../../src/statistics/figures/campaign-figures.ts';
import { CAMPAIGNS } from '../../src/statistics/imports/import-campaigns.ts';
import { importRecords, type RecordsOutcome } from '../../src/statistics/imports/import-records.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, recordCohort, type StatisticsDb } from './statistics-db.ts';

const HEADER = 'key,kind,name_vi,name_en,from_on,to_on,units,target,note,source,reason';
const OPERATOR = { kind: 'operator' } as const;
const AT = new Date('2026-03-02T03:00:00Z');

describe.each([
  { store: 'SQLite', url: () => undefined, isMissing: false },
  { store: 'PostgreSQL', url: postgresUrl, isMissing: postgresUrl() === undefined },
])('campaigns, on $store', ({ url, isMissing }) => {
  let opened: StatisticsDb;
  let folder: string;
  beforeAll(async () => {
    if (isMissing) return;
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-campaigns-'));
    opened = await openStatisticsDb(url());
  });
  beforeEach(async () => {
    if (isMissing) return;
    for (const table of [
      'campaigns',
      'activation_counters',
      'activation_counter_versions',
      'activation_counter_deltas',
      'activation_month_counters',
      'activation_whole_counters',
    ])
      await opened.db(table).delete();
  });
  afterAll(async () => {
    if (isMissing) return;
    await opened.close();
    rmSync(folder, { recursive: true });
  });

  const load = (file: string): Promise<RecordsOutcome> =>
    importRecords({ db: opened.db, clock: () => AT }, CAMPAIGNS, { file, actor: OPERATOR });
  const loadRows = (...rows: string[]): Promise<RecordsOutcome> => {
    const file = join(folder, 'campaigns.csv');
    writeFileSync(file, [HEADER, ...rows].join('\n'));
    return load(file);
  };
  /** So many persons who activated on a day, every other one at both levels. */
  const activated = async (day: string, unitCode: string, persons: number): Promise<void> => {
    const at = new Date(`${day}T03:00:00Z`);
    const half = Math.floor(persons / 2);
    await recordCohort(opened.db, { unitCode, notified: persons, activated: persons, notifiedAt: at });
    await recordCohort(opened.db, { unitCode, level: 1, notified: half, activated: half, notifiedAt: at });
  };
  const figuresFor = async (viewer: Viewer, asOfDay = '2026-02-28') => {
    const report = await campaignReport(opened.db, { now: AT, asOfDay, viewer });
    return Object.fromEntries(report.campaigns.map(({ campaign, figures }) => [campaign.key, figures]));
  };

  it.skipIf(isMissing)("Hà Nội's three are in the example, with two notes, and are marked on a trend", async () => {
    const file = join(folder, 'hanoi.csv');
    copyFileSync('examples/hanoi-campaigns.csv', file);
    expect(await load(file)).toMatchObject({ added: 5, refused: 0 });
    expect(await load(file)).toMatchObject({ added: 0, unchanged: 5 });
    const at = async (fromOn: string, toOn: string, knownAt = AT): Promise<string[]> =>
      (await listPeriodsToMark(opened.db, { fromOn, toOn, knownAt })).map(({ key }) => key);
    expect(await at('2023-06-27', '2023-06-28')).toEqual(['hanoi-2023-menh-lenh-01', 'hanoi-2023-den-tung-nha']);
    expect(await at('2025-06-01', '2025-07-31')).toEqual(['hanoi-2025-don-vi-moi']);
    expect(await at('2022-01-01', '2026-01-01', new Date(AT.getTime() - 1))).toEqual([]);
  });

  it.skipIf(isMissing)('a correction is a new version and needs a reason', async () => {
    const row = (target: number, reason: string) =>
      `dot-1,campaign,Đợt 1,Round 1,2026-01-11,2026-01-20,all,${target},,Hà Nội,${reason}`;
    await loadRows(row(100, ''));
    expect(await loadRows(row(200, ''))).toMatchObject({ refused: 1 });
    expect(readFileSync(join(folder, 'campaigns.csv.rejected.csv'), 'utf8')).toContain(
      'reason_needed_for_a_correction',
    );
    expect(await loadRows(row(200, 'đếm lại'))).toMatchObject({ corrected: 1 });
    expect((await figuresFor({ kind: 'full' }))['dot-1']).toMatchObject({ target: 200 });
  });

  it.skipIf(isMissing)('bring what was activated in their units and days, beside as many days before', async () => {
    await loadRows(
      'thanh-pho,campaign,Đợt 1,Round 1,2026-01-11,2026-01-20,all,1000,,Hà Nội,',
      'mot-phuong,campaign,Đợt 2,Round 2,2026-01-11,2026-01-20,00004,50,,Hà Nội,',
      'ngay-dau,campaign,Đợt 3,Round 3,2025-07-03,2025-07-10,00004,,,Hà Nội,',
      'chua-den,campaign,Đợt 4,Round 4,2026-03-01,2026-03-10,all,,,Hà Nội,',
    );
    await activated('2026-01-01', '00004', 24);
    await activated('2026-01-11', '00004', 60);
    await activated('2026-01-20', '00008', 40);
    await activated('2026-01-21', '00004', 7);
    const all = await figuresFor({ kind: 'full' });
    expect(all['thanh-pho']).toMatchObject({
      days: 10,
      isOver: true,
      counts: { persons: 150, grants: 150 },
      countsBefore: { persons: 36 },
      target: 1000,
    });
    expect(all['mot-phuong']).toMatchObject({ counts: { persons: 90 }, countsBefore: { persons: 36 }, target: 50 });
    expect(all['ngay-dau']).toMatchObject({ counts: { persons: 0 }, countsBefore: undefined });
    expect(all['chua-den']).toEqual({ kind: 'not_begun' });
    const early = (await figuresFor({ kind: 'full' }, '2026-01-12'))['thanh-pho'];
    expect(early).toMatchObject({ days: 2, isOver: false, counts: { persons: 90 }, countsBefore: { persons: 0 } });
    expect(early?.kind === 'counted' && early.byDay?.map(({ persons }) => persons)).toEqual([90, 0]);
  });

  it.skipIf(isMissing)('show a unit its own part, and the public large numbers of all the city alone', async () => {
    await loadRows(
      'thanh-pho,campaign,Đợt 1,Round 1,2026-01-11,2026-01-20,all,1000,,Hà Nội,',
      'it-nguoi,campaign,Đợt 2,Round 2,2026-01-15,2026-01-16,all,,,Hà Nội,',
      'mot-phuong,campaign,Đợt 3,Round 3,2026-01-11,2026-01-20,00004,50,,Hà Nội,',
    );
    await activated('2026-01-08', '00004', 20);
    await activated('2026-01-12', '00004', 60);
    await activated('2026-01-12', '00008', 40);
    const own = await figuresFor({ kind: 'unit', unitCode: '00008' });
    expect(own['thanh-pho']).toMatchObject({ counts: { grants: 60 }, target: undefined });
    expect(own['mot-phuong']).toEqual({ kind: 'not_published' });
    const open = await figuresFor({ kind: 'public' });
    expect(open['thanh-pho']).toMatchObject({
      counts: { persons: 150, grants: undefined },
      countsBefore: { persons: 30 },
      byDay: undefined,
    });
    expect(open['it-nguoi']).toEqual({ kind: 'not_published' });
    expect(open['mot-phuong']).toEqual({ kind: 'not_published' });
    expect((await figuresFor({ kind: 'public' }, '2026-01-25'))['thanh-pho']).toEqual({ kind: 'not_published' });
  });
});
