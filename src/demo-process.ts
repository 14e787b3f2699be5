import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';
import type { Config } from './config.ts';
import type { ConfigProblem } from './config-keys.ts';
import type { Log } from './platform/log.ts';

/** The demo services cannot start: each port that cannot be had, with its key. */
export class DemoRefused extends Error {
  override readonly name = 'DemoRefused';
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super('the demo services cannot start');
    this.problems = problems;
  }
}

export type DemoProcess = { stop(): Promise<void> };

const report = z.union([
  z.object({ addresses: z.array(z.string()) }),
  z.object({ problems: z.array(z.object({ key: z.string(), problem: z.string(), remedy: z.string() })).min(1) }),
]);

/** Starts the three demo relying parties as one child process, which gets addresses and nothing else: no secret of ours is in its
 *  environment. Waits until they listen. @throws DemoRefused when a port cannot be had. */
export async function startDemoProcess(config: Config, log: Log): Promise<DemoProcess> {
  const child = fork(new URL('./demo/main.ts', import.meta.url), {
    env: {
      ISSUER: config.issuer,
      HOST: config.host,
      LOG_LEVEL: config.logLevel,
      DEMO_IHANOI_PORT: String(config.demoIhanoiPort),
      DEMO_HEALTH_PORT: String(config.demoHealthPort),
      DEMO_JUDICIAL_PORT: String(config.demoJudicialPort),
    },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const problems = await firstReport(child);
  if (problems !== undefined) {
    await ended;
    throw new DemoRefused(problems);
  }
  let isStopping = false;
  child.once('exit', (code) => {
    // The provider goes on without them: they are no part of it.
    if (!isStopping) log.error({ code }, 'demo.ended');
  });
  return {
    async stop() {
      isStopping = true;
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** @returns undefined once they listen. */
async function firstReport(child: ChildProcess): Promise<ConfigProblem[] | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`the demo services ended at their start (exit ${code ?? 'by a signal'})`));
    });
    child.once('message', (message) => {
      const read = report.safeParse(message);
      if (!read.success) reject(new Error('the demo services sent a message of another version'));
      else resolve('problems' in read.data ? read.data.problems : undefined);
    });
  });
}
