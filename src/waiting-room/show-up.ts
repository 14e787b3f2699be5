/** Of those whose turn comes, how many come in: others have closed the page. The line moves faster by that, or a crowd that has gone would keep those
 *  who stayed waiting, before an idle system. */
export type ShowUp = {
  /** 0.05 to 1. */
  ratio(): number;
  /** Of one tick: people let in by the line, and those of them who came in. */
  tick(letIn: number, cameIn: number): void;
};

/** Whoever has the next turns looks within ten seconds (`CHECK_AFTER_SECONDS.short`). */
const TICKS_TO_COME = 50;
const WEIGHT = 0.02;
const LEAST = 0.05;

export function createShowUp(): ShowUp {
  const coming: number[] = [];
  let expected = 0;
  let came = 0;
  return {
    ratio: () => (expected < 0.05 ? 1 : Math.min(1, Math.max(LEAST, came / expected))),
    tick(letIn, cameIn) {
      coming.push(letIn);
      const due = coming.length > TICKS_TO_COME ? (coming.shift() ?? 0) : 0;
      expected += WEIGHT * (due - expected);
      // Who comes before the others are due counts when they are.
      came += WEIGHT * (cameIn - came);
    },
  };
}
