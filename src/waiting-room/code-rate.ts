/** Of the one-time codes by SMS; the counts only grow. */
export type CodeFigures = {
  /** By how much they leave late; 1 is as late as they may be. */
  late: number;
  asked: number;
  delivered: number;
};

/** How many new visitors a second there are codes for. The gateway takes what it takes, and a code that leaves too late has to be asked for again: a line before
 *  the door keeps everybody's code in time, where a line of messages keeps nobody's. */
export type CodeRate = {
  /** Learns from a tick of `seconds` in which so many came in. @returns how late codes leave. */
  tick(seconds: number, entries: number): number;
  /** Infinity while codes leave in time. */
  mostPerSecond(): number;
};

const DELIVERY_SECONDS = 10;
const VISIT_SECONDS = 60;
/** Not everybody needs a code; of a few who came at first nothing can be learned. */
const LEAST_CODES_PER_VISIT = 0.02;
/** From here on more are asked for than leave, so that what leaves is all that can. */
const SATURATED = 0.1;
/** Shares of what leaves: more until half as late as may be, less from there on, so that the codes that wait become fewer. */
const SHARE = { atFirst: 1.5, least: 0.5 };

export function createCodeRate(read: () => CodeFigures): CodeRate {
  let { asked, delivered, late } = read();
  let deliveredPerSecond = 0;
  const visit = { codes: 0, entries: 0 };
  return {
    tick(seconds, entries) {
      const next = read();
      const weight = Math.min(1, seconds / DELIVERY_SECONDS);
      deliveredPerSecond += weight * ((next.delivered - delivered) / seconds - deliveredPerSecond);
      const forgotten = Math.max(0, 1 - seconds / VISIT_SECONDS);
      visit.codes = visit.codes * forgotten + next.asked - asked;
      visit.entries = visit.entries * forgotten + entries;
      ({ asked, delivered, late } = next);
      return late;
    },
    mostPerSecond() {
      if (late < SATURATED) return Number.POSITIVE_INFINITY;
      const perVisit = visit.entries < 1 ? 1 : Math.max(LEAST_CODES_PER_VISIT, visit.codes / visit.entries);
      return (Math.max(SHARE.least, SHARE.atFirst - late) * deliveredPerSecond) / perVisit;
    },
  };
}
