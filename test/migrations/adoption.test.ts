import { expect, it } from 'vitest';
import * as adoption from '../../migrations/0012-adoption.ts';
import { checkRpCounters, listRpMonths } from '../../src/accounts/rp-use-store.ts';
import { openStatisticsDb } from '../statistics/statistics-db.ts';
import { postgresUrl } from '../support/services.ts';

const at = (instant: string): number => new Date(instant).getTime();

it.each([
  { name: 'SQLite', url: undefined, isPresent: true },
  { name: 'PostgreSQL', url: postgresUrl(), isPresent: postgresUrl() !== undefined },
])('0012 counts the uses that are stored already, on $name', async ({ url, isPresent }) => {
  if (!isPresent) return;
  const { db, close } = await openStatisticsDb(url);
  try {
    await adoption.down(db);
    const person = {
      kind: 'citizen',
      citizen_id_sealed: 'x',
      full_name: 'x',
      birth_on: '2000-01-01',
      gender: 'female',
    };
    const rest = { nationality: 'VNM', card_status: 'none', created_at: 0, updated_at: 0 };
    await db('persons').insert({ id: 'p', citizen_id_index: 'x', ...person, ...rest });
    const account = { person_id: 'p', public_subject: 's', status: 'active', created_at: 0, updated_at: 0 };
    await db('accounts').insert({ id: 'a', ...account });
    const signIn = { account_id: 'a', outcome: 'signed_in', client_id: 'ihanoi' };
    await db('sign_ins').insert([
      { ...signIn, id: '1', occurred_at: at('2026-03-31T16:00:00Z') },
      // Already April in Viet Nam.
      { ...signIn, id: '2', occurred_at: at('2026-03-31T17:30:00Z') },
      { ...signIn, id: '3', occurred_at: at('2026-04-01T03:00:00Z'), outcome: 'wrong_password' },
      { ...signIn, id: '4', occurred_at: at('2026-04-01T03:00:00Z'), client_id: null },
    ]);
    const consent = { account_id: 'a', scopes: 'openid', claims: '', refused: '', purpose: '', text_version: '1' };
    await db('consents').insert([
      { ...consent, id: '1', client_id: 'ihanoi', locale: 'vi', given_at: at('2026-03-31T16:00:00Z') },
      { ...consent, id: '2', client_id: 'so-suc-khoe', locale: 'vi', given_at: at('2026-04-02T03:00:00Z') },
    ]);
    await adoption.up(db);
    expect(await listRpMonths(db, '2026-12-31')).toEqual([
      { clientId: 'ihanoi', month: '2026-03', signIns: 1, newSubjects: 1 },
      { clientId: 'ihanoi', month: '2026-04', signIns: 1, newSubjects: 0 },
      { clientId: 'so-suc-khoe', month: '2026-04', signIns: 1, newSubjects: 1 },
    ]);
    expect(await checkRpCounters(db, { repair: false })).toEqual([]);
  } finally {
    await close();
  }
});
