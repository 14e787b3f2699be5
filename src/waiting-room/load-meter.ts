import type { IncomingMessage, ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { onClose } from '../web/on-close.ts';

export type LoadLimits = {
  /** Milliseconds by which the event loop may be late, on average. */
  surgeLagMs: number;
  surgePages: number;
  surgeHashes: number;
  surgePrograms: number;
};

export type LoadMeter = {
  /** How loaded this process is with people's pages: 1 is as much as it should bear. To be asked once a tick: it is the mean since it was asked last. */
  read: () => number;
  /** Once for each, however often it is told. */
  watchPage: (response: ServerResponse) => void;
  /** @returns false when there are too many already: the program is to come again. */
  admitsProgram: (response: ServerResponse) => boolean;
  now(): { pages: number; programs: number; lagMs: number };
  stop(): void;
};

const RESOLUTION_MS = 20;
/** Without so many pages on their way a late event loop has other reasons than a crowd, and to keep people out would not help. */
const CROWD = 16;
const WEIGHT = 0.5;

export function createLoadMeter(limits: LoadLimits, hashesWaiting: () => number): LoadMeter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const watched = new WeakSet<ServerResponse>();
  const pages = answersAtWork();
  const programs = answersAtWork();
  let lagMs = 0;
  return {
    read() {
      const mean = delay.count === 0 ? 0 : Math.max(0, delay.mean / 1e6 - RESOLUTION_MS);
      delay.reset();
      lagMs = WEIGHT * mean + (1 - WEIGHT) * lagMs;
      const crowd = pages.count();
      return Math.max(
        hashesWaiting() / limits.surgeHashes,
        crowd / limits.surgePages,
        Math.min(lagMs / limits.surgeLagMs, crowd / CROWD),
      );
    },
    watchPage(response) {
      if (watched.has(response)) return;
      watched.add(response);
      pages.add(response);
    },
    admitsProgram(response) {
      if (programs.isFull(limits.surgePrograms)) return false;
      programs.add(response);
      return true;
    },
    now: () => ({ pages: pages.count(), programs: programs.count(), lagMs }),
    stop: () => void delay.disable(),
  };
}

/** Each from when all of its request is there until it is handed over. Whose sender takes her time, or whose reader does, is no work: a few connections on which a body never comes, or
 *  from which nothing is taken, would count as a crowd otherwise, and keep everybody out. */
function answersAtWork() {
  const answers = new Set<ServerResponse>();
  const count = (): number => {
    for (const answer of answers) if (answer.writableEnded) answers.delete(answer);
    return answers.size;
  };
  return {
    count,
    isFull: (most: number): boolean => answers.size >= most && count() >= most,
    add(answer: ServerResponse): void {
      const begin = (): void => {
        answers.add(answer);
        onClose(answer, () => void answers.delete(answer));
      };
      const { req: request } = answer;
      if (mayHaveBody(request) && !request.complete) request.once('end', begin);
      else begin();
    },
  };
}

/** Nobody reads what comes with a GET, so nobody waits for it. */
function mayHaveBody({ method, headers }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
