import { guardianConfirmPage, guardianSettledPage } from '../../views/activation/guardian-confirm-page.ts';
import { guardianRequestsPage } from '../../views/activation/guardian-requests-page.ts';
import type { FieldError } from '../../views/components/error-summary.ts';
import type { VerifyPasscodeDeps } from '../accounts/verify-passcode.ts';
import { Refusal } from '../domain/refusal.ts';
import { instantText } from '../i18n/dates.ts';
import type { OidcGateway } from '../oidc/gateway.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { confirmAsGuardian, type GuardianOutcome } from './confirm-as-guardian.ts';
import { findGuardianRequest, type GuardianRequest, listGuardianRequests } from './list-guardian-requests.ts';

/** The guardian's side, in a session of his own. A reference is no key: it opens only to the guardian it was put before. */
export function guardianRoutes(
  deps: ActivationDeps & VerifyPasscodeDeps & { gateway: Pick<OidcGateway, 'currentSession'> },
) {
  const asGuardian =
    (handle: (ctx: PageContext, guardianAccountId: string) => Promise<void>): PageHandler =>
    async (ctx) => {
      const session = await deps.gateway.currentSession(ctx);
      if (session === undefined)
        return render(ctx, guardianSettledPage(ctx.state.chrome, { kind: 'sign_in_first' }), 401);
      return handle(ctx, session.accountId);
    };

  const showRequest = async (
    ctx: PageContext,
    request: GuardianRequest,
    shown: { errors?: FieldError[]; status?: number } = {},
  ): Promise<void> => {
    if (request.outcome !== undefined) return showSettled(ctx, request.outcome);
    const { locale } = ctx.state;
    const model = {
      action: confirmPath(request.reference),
      childName: request.childName,
      maskedCitizenId: request.maskedCitizenId,
      accountLevel: request.accountLevel,
      askedAt: instantText(locale, request.askedAt),
      until: instantText(locale, request.expiresAt),
      errors: shown.errors ?? [],
    };
    return render(ctx, guardianConfirmPage(ctx.state.chrome, model), shown.status);
  };

  const requestOf = async (ctx: PageContext, guardianAccountId: string): Promise<GuardianRequest> => {
    const reference = (ctx['params'] as Record<string, string> | undefined)?.['reference'] ?? '';
    const request = await findGuardianRequest(deps, { reference, guardianAccountId });
    // Another guardian's request, one that is over and one that never was look the same.
    if (request === undefined) throw new Refusal('not_found');
    return request;
  };

  return {
    showRequests: asGuardian(async (ctx, guardianAccountId) => {
      const requests = await listGuardianRequests(deps, guardianAccountId);
      const cards = requests.map(({ childName, reference, askedAt }) => ({
        childName,
        href: confirmPath(reference),
        askedAt: instantText(ctx.state.locale, askedAt),
      }));
      await render(ctx, guardianRequestsPage(ctx.state.chrome, cards));
    }),

    showConfirm: asGuardian(async (ctx, guardianAccountId) =>
      showRequest(ctx, await requestOf(ctx, guardianAccountId)),
    ),

    confirm: asGuardian(async (ctx, guardianAccountId) => {
      const { passcode } = readForm(ctx, ['passcode']);
      const request = await requestOf(ctx, guardianAccountId);
      const { reference } = request;
      const outcome = await confirmAsGuardian(deps, { reference, guardianAccountId, passcode });
      if (outcome.kind === 'unknown') throw new Refusal('not_found');
      // A reload of the settled page must not ask the browser to send the passcode again.
      if (outcome.kind === 'finished') {
        ctx.status = 303;
        return ctx.redirect(confirmPath(reference));
      }
      const status = outcome.kind === 'blocked' ? 429 : 422;
      return showRequest(ctx, request, { errors: [confirmError(ctx, outcome)], status });
    }),
  };
}

function showSettled(ctx: PageContext, outcome: NonNullable<GuardianRequest['outcome']>): Promise<void> {
  const isDone = outcome === 'activated' || outcome === 'credentials_set';
  return render(ctx, guardianSettledPage(ctx.state.chrome, { kind: isDone ? 'confirmed' : 'confirm_not_done' }));
}

function confirmError(
  ctx: PageContext,
  outcome: Exclude<GuardianOutcome, { kind: 'finished' } | { kind: 'unknown' }>,
): FieldError {
  const { t } = ctx.state;
  switch (outcome.kind) {
    case 'wrong_passcode':
      return { field: 'passcode', text: t('activation.confirm_wrong_passcode') };
    case 'level_too_low':
      return { field: '', text: t('activation.confirm_level_too_low') };
    case 'blocked': {
      ctx.set('Retry-After', String(outcome.retryAfterSeconds));
      const minutes = Math.ceil(outcome.retryAfterSeconds / 60);
      return { field: '', text: t('activation.confirm_blocked', { minutes }) };
    }
  }
}

function confirmPath(reference: string): string {
  return `/activate/guardian/confirm/${reference}`;
}
