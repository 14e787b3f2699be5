import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters, foldCounters } from '../../src/accounts/activation-event-store.ts';
import { contentOf, HEADER, openTestRegister, row, type TestRegister } from './support.ts';

let register: TestRegister;
beforeEach(async () => {
  register = await openTestRegister();
});
afterEach(() => register.close());

const ACTIVATED = {
  applied_at: '2025-02-27T10:00:00+07:00',
  notified_at: '2025-03-01T10:00:00+07:00',
  activated_at: '2025-03-04T20:15:00+07:00',
  channel: 'self',
};

const rejected = (): string[] =>
  existsSync(`${register.file}.rejected.csv`)
    ? readFileSync(`${register.file}.rejected.csv`, 'utf8').trim().split('\n').slice(1)
    : [];

async function totals(): Promise<Record<string, number>> {
  await foldCounters(register.db);
  const rows = (await register
    .db('activation_counters')
    .select('measure')
    .sum({ total: 'total' })
    .groupBy('measure')) as {
    measure: string;
    total: number;
  }[];
  return Object.fromEntries(rows.filter((one) => one.total !== 0).map((one) => [one.measure, one.total]));
}

describe('importing people', () => {
  it('brings a person with her whole history into the register', async () => {
    const outcome = await register.importLines([row({ ...ACTIVATED, first_login_at: '2025-03-05T07:00:00+07:00' })]);

    expect(outcome).toMatchObject({ kind: 'read', rows: 1, added: 1, refused: 0, isComplete: true });
    expect(await register.db('level_grants').first()).toMatchObject({
      status: 'activated',
      unit_code: '001',
      first_due_at: Date.parse('2025-03-08T23:59:59.999+07:00'),
      first_activated_at: Date.parse('2025-03-04T20:15:00+07:00'),
    });
    expect(await register.db('accounts').first()).toMatchObject({ status: 'active' });
    expect(await totals()).toEqual({
      applied: 1,
      granted: 1,
      notified: 1,
      due: 1,
      activated: 1,
      on_time: 1,
      first_login: 1,
      person_activated: 1,
      person_first_login: 1,
    });
    expect(await register.db('credentials')).toEqual([]);
  });

  it('keeps citizen ids and phone numbers sealed', async () => {
    await register.importLines([row()]);
    const stored = JSON.stringify(await register.db('persons'));
    expect(stored).not.toContain('999090000001');
    expect(stored).not.toContain('912000001');
  });

  it('changes nothing when the same file is read again', async () => {
    const lines = [row(ACTIVATED), row({ account_level: '1' }), row({ citizen_id: '999190000002', phone: '' })];
    await register.importLines(lines);
    const before = await contentOf(register.db);
    const auditBefore = await register.db('audit_entries');

    register.setNow('2025-10-02T00:00:00+07:00');
    const again = await register.importLines(lines);

    expect(again).toMatchObject({ added: 0, updated: 0, unchanged: 3, refused: 0 });
    expect(await contentOf(register.db)).toEqual(before);
    expect(await register.db('audit_entries')).toEqual(auditBefore);
  });

  it('adds what a later file knows, as events', async () => {
    await register.importLines([row({ notified_at: ACTIVATED.notified_at })]);
    expect(await totals()).toMatchObject({ late: 1 });

    const outcome = await register.importLines([row({ ...ACTIVATED, notified_at: ACTIVATED.notified_at })]);

    expect(outcome).toMatchObject({ added: 0, updated: 1 });
    // The activation in time shows that the grant never was late.
    expect(await totals()).toEqual({
      applied: 1,
      granted: 1,
      notified: 1,
      due: 1,
      activated: 1,
      on_time: 1,
      person_activated: 1,
    });
    expect(await checkCounters(register.db, { repair: false })).toEqual([]);
    expect(await register.db('audit_entries').whereNotNull('account_id')).toHaveLength(1);
  });

  it('moves the person to her earlier activation when that arrives late', async () => {
    await register.importLines([row(ACTIVATED)]);
    const early = {
      granted_at: '2024-01-10',
      notified_at: '2024-01-10',
      activated_at: '2024-01-12',
      channel: 'police',
    };
    await register.importLines([row({ account_level: '1', unit_code: '016', ...early })]);

    await foldCounters(register.db);
    const persons = await register
      .db('activation_counters')
      .where({ measure: 'person_activated' })
      .whereNot({ total: 0 })
      .select('day', 'unit_code', 'account_level', 'channel', 'total');
    expect(persons).toEqual([{ day: '2024-01-12', unit_code: '016', account_level: 1, channel: 'police', total: 1 }]);
    expect(await register.db('accounts').first()).toMatchObject({
      first_activated_at: Date.parse('2024-01-12T00:00+07:00'),
    });
    expect(await checkCounters(register.db, { repair: false })).toEqual([]);
  });

  it('counts a person once who came with two levels', async () => {
    await register.importLines([row(ACTIVATED), row({ ...ACTIVATED, account_level: '1' })]);
    expect(await totals()).toMatchObject({ activated: 2, person_activated: 1 });
  });

  it('records the activation of a locked account and leaves it locked', async () => {
    await register.importLines([row()]);
    await register.db('accounts').update({ status: 'locked' });
    await register.importLines([row(ACTIVATED)]);
    expect(await register.db('accounts').first('status')).toEqual({ status: 'locked' });
  });

  it('finds the guardian wherever in the file she stands', async () => {
    const child = row({
      citizen_id: '999216000009',
      full_name: 'Nguyễn Bé',
      birth_date: '2016-01-01',
      phone: '',
      account_level: '1',
      guardian_citizen_id: '999090000001',
      guardian_relationship: 'father',
    });
    const outcome = await register.importLines([child, row()], { rowsPerBatch: 1 });
    expect(outcome).toMatchObject({ added: 2, refused: 0 });
    const guardian = await register.db('persons').where({ full_name: 'Nguyễn Văn An' }).first('id');
    expect(await register.db('persons').where({ full_name: 'Nguyễn Bé' }).first()).toMatchObject({
      guardian_person_id: guardian.id,
    });

    await register.importLines([
      child.replaceAll('999090000001', '999090000077').replace('999216000009', '999216000010'),
    ]);
    expect(rejected()).toEqual(['2,guardian_citizen_id,guardian_not_found']);
  });

  it('takes the newer card and never an older one', async () => {
    await register.importLines([row()]);
    await register.importLines([row({ card_issued_on: '2025-05-20', card_expires_on: '' })]);
    await register.importLines([row({ card_status: 'expired' })]);
    expect(await register.db('persons').first()).toMatchObject({
      card_status: 'valid',
      card_issued_on: '2025-05-20',
      card_expires_on: null,
    });
  });

  it('judges without writing in a dry run', async () => {
    const outcome = await register.importLines([row(), row({ citizen_id: '123' })], { isDryRun: true });
    expect(outcome).toMatchObject({ rows: 2, added: 1, refused: 1 });
    expect(await register.db('persons')).toEqual([]);
    expect(rejected()).toEqual(['3,citizen_id,not_12_digits']);
  });

  it('takes no synthetic number outside the sandbox', async () => {
    const strict = await openTestRegister({ isSandbox: false });
    await strict.importLines([row()]);
    expect(readFileSync(`${strict.file}.rejected.csv`, 'utf8')).toBe(
      'line,field,reason\n2,citizen_id,synthetic_not_allowed\n',
    );
    await strict.close();
  });

  it('stops after the batch in hand, says what is in, and goes on from there', async () => {
    const lines = [1, 2, 3, 4].map((n) => row({ citizen_id: `99909000000${n}`, phone: `091200000${n}` }));
    const stop = new AbortController();
    const stopped = await register.importLines(lines, {
      rowsPerBatch: 2,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(stopped).toMatchObject({ isComplete: false, added: 2, lastLine: 3 });
    expect(await register.db('persons')).toHaveLength(2);
    expect(await register.importLines(lines)).toMatchObject({ isComplete: true, added: 2, unchanged: 2 });
  });
});

describe('a refused row', () => {
  const REFUSALS: readonly [string, Parameters<typeof row>[0], string][] = [
    ['a citizen id of eleven digits', { citizen_id: '99909000001' }, 'citizen_id,not_12_digits'],
    ['a birthplace that was never assigned', { citizen_id: '300090000001' }, 'citizen_id,unknown_birthplace'],
    ['no name', { full_name: ' ' }, 'full_name,empty'],
    ['digits in a name', { full_name: 'Nguyễn 2' }, 'full_name,not_a_name'],
    ['a birth date that does not exist', { birth_date: '1990-02-30' }, 'birth_date,not_a_date'],
    ['a birth date to come', { birth_date: '2025-12-01' }, 'birth_date,in_future'],
    ['an unknown sex', { sex: 'x' }, 'sex,unknown_value'],
    ['a landline', { phone: '02438250000' }, 'phone,not_vietnamese_mobile'],
    ['a unit that never was', { unit_code: '777' }, 'unit_code,unknown_value'],
    ['a unit that did not exist yet', { unit_code: '00004' }, 'unit_code,unit_not_in_force'],
    ['a third level', { account_level: '3' }, 'account_level,unknown_value'],
    ['a card status of its own', { card_status: 'ok' }, 'card_status,unknown_value'],
    ['a card that expired before it was issued', { card_expires_on: '2021-01-01' }, 'card_expires_on,before_issued'],
    [
      'a grant without a card',
      { card_status: 'none', card_issued_on: '', card_expires_on: '' },
      'card_status,no_valid_card',
    ],
    ['a small child at level 2', { birth_date: '2021-01-01', card_issued_on: '' }, 'account_level,too_young'],
    ['no time of the grant', { granted_at: '' }, 'granted_at,empty'],
    ['a time that is none', { granted_at: '2025-03-01T25:00' }, 'granted_at,not_a_time'],
    ['a grant in the future', { granted_at: '2026-01-01' }, 'granted_at,in_future'],
    ['a grant before the application', { applied_at: '2025-03-02' }, 'granted_at,before_applied'],
    ['a notice before the grant', { notified_at: '2025-02-01' }, 'notified_at,before_granted'],
    [
      'an activation before the notice',
      { ...ACTIVATED, activated_at: '2025-03-01T09:30:00+07:00' },
      'activated_at,before_notified',
    ],
    [
      'an activation without a notice',
      { activated_at: '2025-03-04', channel: 'self' },
      'notified_at,needed_with_activated_at',
    ],
    ['an activation without a channel', { ...ACTIVATED, channel: '' }, 'channel,needed_with_activated_at'],
    ['a channel without an activation', { channel: 'self' }, 'channel,only_with_activated_at'],
    [
      'a first sign-in without an activation',
      { first_login_at: '2025-04-01' },
      'activated_at,needed_with_first_login_at',
    ],
    [
      'a first sign-in before the activation',
      { ...ACTIVATED, first_login_at: '2025-03-03' },
      'first_login_at,before_activated',
    ],
    ['a country that is no code', { nationality: 'Việt Nam' }, 'nationality,not_a_country_code'],
    ['her own guardian', { guardian_citizen_id: '999090000001' }, 'guardian_citizen_id,same_as_holder'],
  ];
  it.each(REFUSALS)('is told by line, field and reason: %s', async (_what, values, problem) => {
    const outcome = await register.importLines([row({ citizen_id: '999090000005', phone: '' }), row(values)]);
    expect(outcome).toMatchObject({ added: 1, refused: 1 });
    expect(rejected()[0]).toBe(`3,${problem}`);
  });

  it('is told with all that is wrong with it', async () => {
    await register.importLines([row({ citizen_id: '1', sex: '?', granted_at: 'x' })]);
    expect(rejected()).toEqual(['2,citizen_id,not_12_digits', '2,sex,unknown_value', '2,granted_at,not_a_time']);
  });

  it('may not take the phone of another person, in the register or in the file', async () => {
    await register.importLines([row(), row({ citizen_id: '999090000002' })]);
    expect(rejected()).toEqual(['3,phone,taken_by_another_person']);
    await register.importLines([row({ citizen_id: '999090000003' })]);
    expect(rejected()).toEqual(['2,phone,taken_by_another_person']);
  });

  it.each([
    ['another name', { full_name: 'Nguyễn Văn Ân' }, 'full_name'],
    ['another birth date', { birth_date: '1990-05-18' }, 'birth_date'],
    ['another sex', { sex: 'female' }, 'sex'],
    ['another phone', { phone: '0912000009' }, 'phone'],
    ['another unit', { unit_code: '002' }, 'unit_code'],
    ['another time of the grant', { granted_at: '2025-03-01T09:00:01+07:00' }, 'granted_at'],
  ])('contradicts what the register holds: %s', async (_what, values, field) => {
    await register.importLines([row()]);
    const before = await contentOf(register.db);
    await register.importLines([row(values)]);
    expect(rejected()).toEqual([`2,${field},differs_from_register`]);
    expect(await contentOf(register.db)).toEqual(before);
  });

  it('loses its list when the next run refuses nothing', async () => {
    await register.importLines([row({ sex: '?' })]);
    expect(rejected()).toHaveLength(1);
    await register.importLines([row()]);
    expect(existsSync(`${register.file}.rejected.csv`)).toBe(false);
  });
});

describe('a file', () => {
  it('may come from a spreadsheet: BOM, CRLF, semicolons, any order of columns, blank lines', async () => {
    const columns = HEADER.split(',').toReversed().join(';');
    const values = row({ residence_address: '12 Hàng Bông' }).split(',').toReversed().join(';');
    const outcome = await register.importText(`\uFEFF${columns}\r\n\r\n${values}\r\n`);
    expect(outcome).toMatchObject({ kind: 'read', rows: 1, added: 1, lastLine: 3 });
  });

  it('may quote its values', async () => {
    const outcome = await register.importLines([row({ residence_address: '"Số 5, ngõ ""Cấm Chỉ"", Hà Nội"' })]);
    expect(outcome).toMatchObject({ added: 1 });
    expect(await register.db('persons').first()).toMatchObject({ residence_address: 'Số 5, ngõ "Cấm Chỉ", Hà Nội' });
  });

  it('loses only the lines that are broken', async () => {
    const good = row({ citizen_id: '999090000007', phone: '' });
    const text = Buffer.concat([
      Buffer.from(`${HEADER}\n${row({ residence_address: '"open' })}\n${good}\n`),
      Buffer.from([0x4e, 0x67, 0xff, 0xfe, 0x0a]),
      Buffer.from(`${row()},one too many\nshort,line\n${'x'.repeat(300_000)}\n${row()}`),
    ]);
    const outcome = await register.importText(text);
    expect(outcome).toMatchObject({ rows: 7, added: 2, refused: 5 });
    expect(rejected()).toEqual([
      '2,row,broken_quotes',
      '4,row,not_utf8',
      '5,row,wrong_column_count',
      '6,row,wrong_column_count',
      '7,row,line_too_long',
    ]);
  });

  it.each([
    ['is empty', '', { kind: 'no_header' }],
    ['has no header', row(), { kind: 'missing_columns' }],
    ['misses a column', HEADER.replace('granted_at,', ''), { kind: 'missing_columns', columns: ['granted_at'] }],
    ['has a column of its own', `${HEADER},password`, { kind: 'unknown_columns', columns: ['23'] }],
    ['has a column twice', `${HEADER},sex`, { kind: 'repeated_columns', columns: ['sex'] }],
  ])('is refused as a whole when it %s', async (_what, header, problem) => {
    expect(await register.importText(`${header}\n`)).toMatchObject({ kind: 'wrong_header', problem });
  });

  it('that is not there is told', async () => {
    expect(await register.importText('', { file: `${register.folder}/none.csv` })).toEqual({
      kind: 'no_such_file',
      code: 'ENOENT',
    });
  });

  it('may repeat a row, which then says nothing new', async () => {
    expect(await register.importLines([row(), row()])).toMatchObject({ added: 1, unchanged: 1 });
    expect(await register.importLines([row(), row({ sex: 'female' })])).toMatchObject({ unchanged: 1, refused: 1 });
  });
});
