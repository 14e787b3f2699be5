import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActivationEvent, recordActivationEvents } from '../../src/accounts/activation-event-store.ts';
import { ACTIVATION_CHANNELS, type ActivationChannel } from '../../src/domain/activation.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { activationRates } from '../../src/statistics/figures/activation-rates.ts';
import { channelShares } from '../../src/statistics/figures/channel-shares.ts';
import { openStatisticsDb, type StatisticsDb } from './statistics-db.ts';

const NOW = new Date('2026-03-16T03:00:00Z');
const JANUARY = new Date('2026-01-20T03:00:00Z');
const MARCH = new Date('2026-03-10T03:00:00Z');

let opened: StatisticsDb;
beforeAll(async () => {
  opened = await openStatisticsDb();
});
afterAll(() => opened.close());

const activated = (channel: ActivationChannel | undefined, occurredAt: Date, unitCode = '00004'): ActivationEvent => ({
  kind: 'activated',
  accountId: 'a',
  accountLevel: 2,
  unitCode,
  occurredAt,
  recordedAt: occurredAt,
  ...(channel === undefined ? {} : { channel }),
});

async function record(events: readonly ActivationEvent[]): Promise<void> {
  for (const table of [
    'activation_events',
    'activation_counters',
    'activation_counter_deltas',
    'activation_counter_versions',
    'activation_month_counters',
    'activation_whole_counters',
    'activation_counter_deltas',
    'activation_wait_counters',
  ])
    await opened.db(table).delete();
  await inTransaction(opened.db, (tx) => recordActivationEvents(tx, events));
}
const times = (count: number, event: ActivationEvent) => Array.from({ length: count }, () => event);

describe('activations by channel', () => {
  it('add up to the activations, months past and this one, whatever the channels', async () => {
    const one = fc
      .tuple(fc.constantFrom(...ACTIVATION_CHANNELS, undefined), fc.constantFrom(JANUARY, MARCH))
      .map(([channel, at]) => activated(channel, at));
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 30 }), async (events) => {
        await record(events);
        const { rows, activations } = await channelShares(opened.db, { now: NOW });
        const rates = await activationRates(opened.db, { now: NOW });
        expect(rates.whole.activation_of_granted).toMatchObject({ numerator: activations });
        expect(rows.reduce((sum, { figure }) => sum + ('numerator' in figure ? figure.numerator : 0), 0)).toBe(
          activations,
        );
        for (const { channel, figure } of rows)
          expect(figure).toMatchObject({
            numerator: events.filter((event) => (event.channel ?? '') === channel).length,
            denominator: events.length,
          });
      }),
      { numRuns: 20 },
    );
  });

  it('hide from the public every channel under 10, and one more so that it cannot be found by subtraction', async () => {
    await record([
      ...times(200, activated('self', JANUARY)),
      ...times(60, activated('police', JANUARY)),
      ...times(30, activated('assist_point', JANUARY)),
      ...times(4, activated('hotline', JANUARY)),
      ...times(50, activated('self', MARCH)),
    ]);
    const seen = await channelShares(opened.db, { now: NOW, viewer: { kind: 'public' }, accountLevel: 2 });
    expect(seen).toMatchObject({ activations: 294, accountLevel: undefined, moment: { day: '2026-02-28' } });
    const shown = seen.rows.filter(({ figure }) => figure.kind === 'shown').map(({ channel }) => channel);
    expect(shown).toEqual(['self', 'police']);
    const hidden = seen.rows.filter(({ figure }) => figure.kind === 'suppressed').map(({ channel }) => channel);
    expect(hidden).toEqual(['assist_point', 'mobile_team', 'hotline', 'qr_guide']);
  });

  it('say nothing where there are hardly any, and tell a unit its own alone', async () => {
    await record([...times(6, activated('self', JANUARY)), ...times(3, activated('police', JANUARY, '00070'))]);
    const few = await channelShares(opened.db, { now: NOW, viewer: { kind: 'public' } });
    expect(few.activations).toBeNull();
    expect(few.rows.every(({ figure }) => figure.kind === 'suppressed')).toBe(true);
    const own = await channelShares(opened.db, { now: NOW, viewer: { kind: 'unit', unitCode: '00070' } });
    expect(own).toMatchObject({ unitCode: '00070', activations: 3 });
    expect(own.rows.find(({ channel }) => channel === 'police')).toMatchObject({
      isAssisted: true,
      figure: { kind: 'shown', numerator: 3, denominator: 3 },
    });
  });
});
