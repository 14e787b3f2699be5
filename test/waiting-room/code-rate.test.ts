import { describe, expect, it } from 'vitest';
import { createCodeRate } from '../../src/waiting-room/code-rate.ts';

/** A minute in which `entries` a second come in, ask for `asked` codes and `delivered` of them leave. */
function afterAMinute(late: number, perSecond: { entries: number; asked: number; delivered: number }): number {
  const figures = { late, asked: 0, delivered: 0 };
  const rate = createCodeRate(() => ({ ...figures }));
  for (let second = 0; second < 60; second += 1) {
    figures.asked += perSecond.asked;
    figures.delivered += perSecond.delivered;
    rate.tick(1, perSecond.entries);
  }
  return rate.mostPerSecond();
}

describe('how many visitors there are codes for', () => {
  it('is no matter while codes leave in time', () => {
    expect(afterAMinute(0, { entries: 50, asked: 50, delivered: 50 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('is what the gateway takes, by what a visitor asks for', () => {
    expect(afterAMinute(0.5, { entries: 30, asked: 30, delivered: 10 })).toBeCloseTo(10, 0);
    expect(afterAMinute(0.5, { entries: 30, asked: 15, delivered: 10 })).toBeCloseTo(20, 0);
    expect(afterAMinute(0.5, { entries: 30, asked: 60, delivered: 10 })).toBeCloseTo(5, 0);
  });

  it('is less the later they leave, and never nothing', () => {
    const [early, late, tooLate] = [0.2, 1, 9].map((one) =>
      afterAMinute(one, { entries: 30, asked: 30, delivered: 10 }),
    );
    expect(early).toBeGreaterThan(late as number);
    expect(late).toBeCloseTo(5, 0);
    expect(tooLate).toBeCloseTo(5, 0);
  });

  it('is far from little where hardly anybody needs one', () => {
    expect(afterAMinute(1, { entries: 100, asked: 1, delivered: 1 })).toBeGreaterThan(20);
  });
});
