import { type Db, pingDatabase } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { PageHandler } from '../web/page-context.ts';
import type { Metrics } from './metrics.ts';

export type OperationsDeps = { db: Db; log: Log; metrics: Metrics; pingStores(): Promise<void>; isLeaving(): boolean };

/** For machines: is the process alive, can it serve, what does it count. */
export function operationsRoutes(
  deps: OperationsDeps,
): Record<'showHealth' | 'showReadiness' | 'showMetrics', PageHandler> {
  return {
    showHealth,
    showReadiness: async (ctx) => {
      ctx.set('Cache-Control', 'no-store');
      if (deps.isLeaving()) {
        ctx.status = 503;
        ctx.body = { status: 'leaving' };
        return;
      }
      try {
        await Promise.race([Promise.all([pingDatabase(deps.db), deps.pingStores()]), timeout(2_000)]);
        ctx.body = { status: 'ready' };
      } catch (error) {
        deps.log.error({ err: error }, 'readiness.failed');
        ctx.status = 503;
        ctx.body = { status: 'not ready' };
      }
    },
    showMetrics: showMetrics(deps.metrics),
  };
}

export const showHealth: PageHandler = (ctx) => {
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { status: 'ok' };
};

export function showMetrics(metrics: Pick<Metrics, 'text'>): PageHandler {
  return async (ctx) => {
    const { contentType, body } = await metrics.text();
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', contentType);
    ctx.body = body;
  };
}

function timeout(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error('timeout'));
    }, ms).unref();
  });
}
