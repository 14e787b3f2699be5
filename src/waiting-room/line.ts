/** People who wait, by when they came. It grows with the seconds of a surge, not with the people in it. All instants are epoch milliseconds. */
export type Line = {
  /** Whoever came until this instant is let in. */
  admittedUntil: number;
  /** Who came after it and is not let in yet: how many in each slice of time, in order. */
  waiting: [slice: number, people: number][];
  /** Where `admittedUntil` stood, now and then, back to one turn ago. */
  past: [at: number, admittedUntil: number][];
  /** Of each process: what it lets in a second, and when it said so. */
  rates: Record<string, [perSecond: number, at: number]>;
};

const SLICE_MS = 1_000;
/** So long an unused turn is kept: who comes back later stands in line again, or turns could be hoarded. */
export const TURN_MS = 600_000;
const REMEMBER_EVERY_MS = 30_000;
const SILENT_MS = 10_000;

export function emptyLine(now: number): Line {
  return { admittedUntil: now - 1, waiting: [], past: [], rates: {} };
}

/** Puts people at the end: `came` holds how many at which instant. */
export function joinLine(line: Line, came: ReadonlyMap<number, number>): Line {
  const waiting = new Map(line.waiting);
  for (const [at, people] of came) {
    // Counted where the line still moves: whoever came before that is let in already.
    const slice = sliceOf(Math.max(at, line.admittedUntil + 1));
    waiting.set(slice, (waiting.get(slice) ?? 0) + people);
  }
  return { ...line, waiting: [...waiting].toSorted(([a], [b]) => a - b) };
}

/** Lets in the next `places` people. @returns the line, and the places that nobody took. */
export function advanceLine(line: Line, places: number, now: number): { line: Line; placesLeft: number } {
  const waiting: Line['waiting'] = [];
  let { admittedUntil } = line;
  let placesLeft = places;
  for (const [slice, people] of line.waiting) {
    const end = Math.min(slice + SLICE_MS - 1, now);
    if (placesLeft >= people) {
      placesLeft -= people;
      admittedUntil = Math.max(admittedUntil, end);
      continue;
    }
    if (placesLeft > 0) {
      // Within a slice people came evenly.
      const start = Math.max(slice, admittedUntil);
      admittedUntil = Math.max(admittedUntil, Math.floor(start + ((end - start) * placesLeft) / people));
    }
    waiting.push([slice, people - placesLeft]);
    placesLeft = 0;
  }
  return { line: { ...line, admittedUntil, waiting, past: remember(line, now) }, placesLeft };
}

/** How many stand before somebody who came at `at`. */
export function peopleAhead(line: Line, at: number): number {
  let ahead = 0;
  for (const [slice, people] of line.waiting) {
    if (slice > at) break;
    const from = Math.max(slice, line.admittedUntil);
    const length = Math.max(1, slice + SLICE_MS - from);
    ahead += people * Math.min(1, Math.max(0, at - from) / length);
  }
  return ahead;
}

/** Has come, and not so long ago that the turn is over. */
export function isTurn(line: Line, at: number, now: number): boolean {
  return at <= line.admittedUntil && at > overUntil(line, now);
}

export function isTurnOver(line: Line, at: number, now: number): boolean {
  return at <= overUntil(line, now);
}

/** What all processes together let in a second. */
export function ratePerSecond(line: Line, now: number): number {
  return Object.values(line.rates).reduce((sum, [rate, at]) => (now - at > SILENT_MS ? sum : sum + rate), 0);
}

export function withRate(line: Line, process: string, rate: number, now: number): Line {
  const heard = Object.entries(line.rates).filter(([, [, at]]) => now - at <= SILENT_MS);
  return { ...line, rates: { ...Object.fromEntries(heard), [process]: [rate, now] } };
}

function sliceOf(at: number): number {
  return at - (at % SLICE_MS);
}

function overUntil({ past }: Line, now: number): number {
  return past.findLast(([at]) => at <= now - TURN_MS)?.[1] ?? 0;
}

function remember({ past, admittedUntil }: Line, now: number): Line['past'] {
  const last = past.at(-1);
  const added: Line['past'] =
    last === undefined || now - last[0] >= REMEMBER_EVERY_MS ? [...past, [now, admittedUntil]] : past;
  const firstNeeded = added.findLastIndex(([at]) => at <= now - TURN_MS);
  return added.slice(Math.max(0, firstNeeded));
}
