import type { FieldError } from '../../views/components/error-summary.ts';
import type { AuthLevel } from '../domain/assurance.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import type { NotConfirmed } from './confirm-by-passcode.ts';
import { startEntry, suffices } from './entry.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';

/** Seeing the account takes a session; changing a way to sign in takes one of two factors (design: whoever only has the password must not be able to
 *  replace what protects it). */
export const LEVEL_TO_SEE: AuthLevel = 1;
export const LEVEL_TO_CHANGE: AuthLevel = 2;

/** Where a visitor without the session it takes goes on after she has signed in: the page itself, or for a form the page that shows it. */
export type Visited = { leastAuthLevel: AuthLevel; returnTo?: string };

/** Runs `handle` for a citizen whose session suffices; sends anyone else to sign in, or to add the factor that is missing. Nothing of a form sent without
 *  such a session is kept. */
export function visitAs(deps: MyAccountDeps) {
  return (
    { leastAuthLevel, returnTo }: Visited,
    handle: (ctx: PageContext, holder: Holder) => Promise<void>,
  ): PageHandler =>
    async (ctx) => {
      const entry = { leastAuthLevel, returnTo: returnTo ?? ctx.path };
      const session = await deps.gateway.currentSession(ctx);
      if (!suffices(session, entry)) return startEntry(ctx, deps, entry);
      await handle(ctx, { session, locale: ctx.state.locale });
    };
}

export function seeOther(ctx: PageContext, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

/** The status of a page that shows what was wrong. */
export function statusOf(errors: readonly FieldError[], refused?: { kind: string }): number {
  if (errors.length === 0) return 200;
  return refused?.kind === 'throttled' ? 429 : 422;
}

/** Says why an act was not confirmed. */
export function notConfirmedError(ctx: PageContext, refused: NotConfirmed): FieldError {
  const { t } = ctx.state;
  if (refused.kind !== 'throttled') return { field: 'passcode', text: t(`my_account.${refused.kind}`) };
  ctx.set('Retry-After', String(refused.retryAfterSeconds));
  return { field: '', text: t('my_account.throttled', { minutes: Math.ceil(refused.retryAfterSeconds / 60) }) };
}
