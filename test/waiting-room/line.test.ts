import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advanceLine,
  emptyLine,
  isTurn,
  isTurnOver,
  joinLine,
  type Line,
  peopleAhead,
  ratePerSecond,
  TURN_MS,
  withRate,
} from '../../src/waiting-room/line.ts';

const T = 1_800_000_000_000;
const came = (...at: number[]): Map<number, number> => {
  const people = new Map<number, number>();
  for (const one of at) people.set(T + one, (people.get(T + one) ?? 0) + 1);
  return people;
};

describe('the line', () => {
  it('lets in whoever came first, whatever came later', () => {
    const line = joinLine(emptyLine(T), came(100, 1_200, 2_300, 2_400));
    const { line: moved, placesLeft } = advanceLine(line, 2, T + 5_000);
    expect(placesLeft).toBe(0);
    expect([100, 1_200, 2_300].map((at) => isTurn(moved, T + at, T + 5_000))).toEqual([true, true, false]);
    expect(peopleAhead(moved, T + 2_999)).toBeGreaterThan(1);
  });

  it('gives back the places that nobody takes, and lets nobody in who comes later', () => {
    const { line, placesLeft } = advanceLine(joinLine(emptyLine(T), came(100)), 5, T + 200);
    expect(placesLeft).toBe(4);
    expect(isTurn(line, T + 201, T + 300)).toBe(false);
  });

  it('keeps a turn for ten minutes, and no longer', () => {
    let { line } = advanceLine(joinLine(emptyLine(T), came(100)), 1, T + 2_000);
    for (let at = 2_000; at < TURN_MS + 60_000; at += 30_000) ({ line } = advanceLine(line, 0, T + at));
    expect(isTurn(line, T + 100, T + TURN_MS - 1)).toBe(true);
    expect(isTurn(line, T + 100, T + TURN_MS + 32_000)).toBe(false);
    expect(isTurnOver(line, T + 100, T + TURN_MS + 32_000)).toBe(true);
    expect(line.past.length).toBeLessThan(25);
  });

  it('adds up what the processes let in, and forgets one that is silent', () => {
    const both = withRate(withRate(emptyLine(T), 'a', 3, T), 'b', 4, T + 9_000);
    expect(ratePerSecond(both, T + 9_500)).toBe(7);
    expect(ratePerSecond(both, T + 12_000)).toBe(4);
  });

  it('is fair and exact, however people come and places go', () => {
    const step = fc.record({ people: fc.nat(40), places: fc.nat(30), ms: fc.integer({ min: 1, max: 4_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let line: Line = emptyLine(T);
        let now = T;
        let expected = 0;
        let before = line.admittedUntil;
        for (const { people, places, ms } of steps) {
          now += ms;
          const moved = advanceLine(joinLine(line, new Map([[now, people]])), places, now);
          expected += people - (places - moved.placesLeft);
          line = moved.line;
          expect(line.admittedUntil).toBeGreaterThanOrEqual(before);
          expect(line.admittedUntil).toBeLessThanOrEqual(now);
          before = line.admittedUntil;
          expect(line.waiting.reduce((sum, [, waiting]) => sum + waiting, 0)).toBe(expected);
        }
      }),
    );
  });
});
