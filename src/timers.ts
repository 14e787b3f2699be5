import { Cron } from 'croner';
import { markLateGrants } from './accounts/grant-level.ts';
import type { App } from './assemble.ts';
import { sealAudit } from './audit/audit-store.ts';
import { deleteExpiredSignInAttempts } from './sign-in/sign-in-attempt-store.ts';

/** What happens by the clock. Each piece of work is bounded, and never runs twice at once in a process. @returns a stop that waits for what is running. */
export function startTimers(app: App): () => Promise<void> {
  const running = new Set<Promise<unknown>>();
  const every = (pattern: string, name: string, work: () => Promise<unknown>): Cron =>
    new Cron(pattern, { unref: true, protect: true, timezone: 'Asia/Ho_Chi_Minh' }, async () => {
      const task = work().catch((error: unknown) => {
        app.log.error({ err: error, timer: name }, 'timer.failed');
      });
      running.add(task);
      await task;
      running.delete(task);
    });
  app.outbox.start();
  const crons = [
    every('*/20 * * * * *', 'late_grants', () => markLateGrants(app.db, app.clock())),
    every('*/5 * * * * *', 'audit_seal', () => sealAudit(app.db)),
    every('*/30 * * * * *', 'protocol_sweep', () => app.oidc.sweep()),
    every('45 * * * * *', 'signing_keys', () => app.oidc.reloadKeys()),
    every('15 * * * * *', 'sign_in_sweep', () => deleteExpiredSignInAttempts(app.db, app.clock(), 500)),
  ];
  return async () => {
    for (const cron of crons) cron.stop();
    await Promise.all(running);
  };
}
