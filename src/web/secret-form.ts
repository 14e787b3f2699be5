import type { IncomingMessage } from 'node:http';
import { Refusal } from '../domain/refusal.ts';
import { clientAddress } from './client-address.ts';
import type { PageHandler, PageMiddleware } from './page-context.ts';

const RETRY_AFTER_SECONDS = 5;

/** `SecretHasher.serve`. */
/** `onServed`: one more was answered, for the measure of what this process can do. */
type Serve = (address: string, work: () => Promise<void>) => Promise<boolean>;

/** Stands before a form whose secrets are hashed. Where too many wait, it is sent back before anything is counted or done: with a page of the form's own
 *  (`onBusy`) where something that was typed can be kept. `isServed`: whose secret was judged ahead of the pages. */
export function secretForm(
  { serve, onServed }: { serve: Serve; onServed: () => void },
  onBusy?: PageHandler,
  isServed: (request: IncomingMessage) => boolean = () => false,
): PageMiddleware {
  return async (ctx, next) => {
    if (isServed(ctx.req)) {
      await next();
      return;
    }
    if (await serve(clientAddress(ctx), next)) {
      onServed();
      return;
    }
    ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
    ctx.state.log.info('secret_form.busy');
    if (onBusy === undefined) throw new Refusal('busy');
    await onBusy(ctx);
  };
}
