import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import type { PersonColumn } from '../../src/register/person-record.ts';
import { contentOf, openTestRegister, row, type TestRegister } from './support.ts';

type Values = Partial<Record<PersonColumn, string>>;

const DAY = 86_400_000;
const FIRST = Date.parse('2025-03-01T00:00:00+07:00');
const text = (millis: number): string => new Date(millis).toISOString();

/** A whole history of a grant, and how much of it a row tells: an export made later knows more. */
const history = fc.record({
  person: fc.integer({ min: 0, max: 3 }),
  level: fc.constantFrom('1', '2'),
  told: fc.integer({ min: 0, max: 4 }),
});
const facts = fc.record({
  grantedAfter: fc.integer({ min: 0, max: 40 * DAY }),
  noticeAfter: fc.integer({ min: 0, max: 2 * DAY }),
  // Around the due moment, which is the end of the 7th calendar day.
  activatedAfter: fc.integer({ min: 0, max: 12 * DAY }),
  loginAfter: fc.integer({ min: 0, max: 3 * DAY }),
  channel: fc.constantFrom('self', 'police', 'hotline'),
  unit: fc.constantFrom('001', '016'),
  hasApplied: fc.boolean(),
});
type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

function valuesOf(person: number, level: string, told: number, known: Facts): Values {
  const grantedAt = FIRST + known.grantedAfter;
  const notifiedAt = grantedAt + known.noticeAfter;
  const activatedAt = notifiedAt + known.activatedAfter;
  return {
    citizen_id: `99909000000${person}`,
    full_name: 'Trần Thị Bình',
    phone: `091200000${person}`,
    account_level: level,
    unit_code: known.unit,
    granted_at: text(grantedAt),
    ...(known.hasApplied && told > 0 ? { applied_at: text(grantedAt - DAY) } : {}),
    ...(told > 1 ? { notified_at: text(notifiedAt) } : {}),
    ...(told > 2 ? { activated_at: text(activatedAt), channel: known.channel } : {}),
    ...(told > 3 ? { first_login_at: text(activatedAt + known.loginAfter) } : {}),
  };
}

async function withRegister<T>(work: (register: TestRegister) => Promise<T>): Promise<T> {
  const register = await openTestRegister();
  try {
    return await work(register);
  } finally {
    await register.close();
  }
}

describe('importing random histories', () => {
  it('keeps the counters equal to a recount, whatever arrives in whatever order, and ends alike by every way', async () => {
    const truth = fc.array(facts, { minLength: 8, maxLength: 8 });
    const arrivals = fc.array(history, { minLength: 1, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(truth, arrivals, fc.integer({ min: 1, max: 5 }), async (known, rows, rowsPerBatch) => {
        const lines = rows.map(({ person, level, told }) =>
          row(valuesOf(person, level, told, known[person * 2 + Number(level) - 1] as Facts)),
        );
        const oneByOne = await withRegister(async (register) => {
          for (const line of lines) {
            expect(await register.importLines([line])).toMatchObject({ refused: 0 });
            expect(await checkCounters(register.db, { repair: false })).toEqual([]);
          }
          expect(await register.importLines(lines, { rowsPerBatch })).toMatchObject({
            added: 0,
            updated: 0,
            refused: 0,
          });
          return withoutKeys(await contentOf(register.db));
        });
        const atOnce = await withRegister(async (register) => {
          await register.importLines(lines);
          expect(await checkCounters(register.db, { repair: false })).toEqual([]);
          return withoutKeys(await contentOf(register.db));
        });
        const inBatches = await withRegister(async (register) => {
          await register.importLines(lines, { rowsPerBatch });
          return withoutKeys(await contentOf(register.db));
        });
        expect(atOnce).toEqual(oneByOne);
        expect(inBatches).toEqual(oneByOne);
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});

/** Each register has keys of its own, so the blind indexes differ; persons are told apart by their order among equals. */
function withoutKeys(content: Record<string, unknown[]>): unknown {
  return {
    counters: content['counters'],
    grants: sorted(content['grants']),
    accounts: sorted(content['accounts']),
    activations: sorted(content['activations']),
  };
}

function sorted(rows: unknown[] | undefined): string[] {
  return (rows ?? []).map((one) => JSON.stringify({ ...(one as object), holder: undefined })).toSorted();
}
