import type { FieldError } from '../../views/components/error-summary.ts';
import { entryRefusedPage } from '../../views/my-account/entry-refused.ts';
import { historyPage } from '../../views/my-account/history.ts';
import { lockedPage, lockPage } from '../../views/my-account/lock.ts';
import { overviewPage } from '../../views/my-account/overview.ts';
import { servicePage, servicesPage } from '../../views/my-account/services.ts';
import { type SessionModel, sessionsPage } from '../../views/my-account/sessions.ts';
import { findAccountRecord } from '../accounts/account-record.ts';
import { Refusal } from '../domain/refusal.ts';
import { dayText, instantText } from '../i18n/dates.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { endSessions, signOut } from './end-sessions.ts';
import { suffices, takeEntry } from './entry.ts';
import { lockMyAccount } from './lock-my-account.ts';
import type { Holder, MyAccountDeps, WordingContext } from './my-account-deps.ts';
import { overviewModel } from './overview-model.ts';
import { leaveNotice, takeNotice } from './page-notice.ts';
import { readHistory } from './read-history.ts';
import { readOverview } from './read-overview.ts';
import { type ConnectedService, findConnectedService, listConnectedServices } from './read-services.ts';
import { readSessions, type ShownSession } from './read-sessions.ts';
import { LEVEL_TO_SEE, notConfirmedError, seeOther, statusOf, visitAs } from './visit.ts';
import { withdrawService } from './withdraw-service.ts';

/** What a citizen sees and ends. What she changes about signing in is in method-routes.ts. */
export function myAccountRoutes(deps: MyAccountDeps) {
  const visit = visitAs(deps);
  const toSee = { leastAuthLevel: LEVEL_TO_SEE };
  type Shown = { errors?: FieldError[]; status?: number; chosen?: string };

  const showSessions = async (ctx: PageContext, { session }: Holder, shown: Shown = {}): Promise<void> => {
    const sessions = await readSessions(deps, session);
    const current = sessions.find((one) => one.isCurrent);
    const model = {
      current: current && sessionModel(ctx, current),
      others: sessions.filter((one) => !one.isCurrent).map((one) => sessionModel(ctx, one)),
      chosen: shown.chosen,
      done: doneText(ctx),
      errors: shown.errors ?? [],
    };
    await render(ctx, sessionsPage(ctx.state.chrome, model), shown.status);
  };

  const showService = async (ctx: PageContext, { session }: Holder, shown: Shown = {}): Promise<void> => {
    const service = await findConnectedService(deps, session.accountId, clientIdOf(ctx));
    // A service of somebody else's, one withdrawn before and one that never was look the same.
    if (service === undefined) throw new Refusal('not_found');
    const model = await serviceModel(ctx, deps, { session, service });
    await render(ctx, servicePage(ctx.state.chrome, { ...model, errors: shown.errors ?? [] }), shown.status);
  };

  return {
    /** Comes back from signing in: with a code nobody redeems, or with an error. */
    enter: async (ctx: PageContext): Promise<void> => {
      const entry = takeEntry(ctx, deps);
      const session = await deps.gateway.currentSession(ctx);
      if (ctx.query['error'] === undefined && suffices(session, entry)) return seeOther(ctx, entry.returnTo);
      const isTooWeak = session !== undefined && !suffices(session, entry);
      const reason = isTooWeak ? 'too_weak' : 'not_signed_in';
      await render(ctx, entryRefusedPage(ctx.state.chrome, { reason, again: entry.returnTo }), 403);
    },

    showOverview: visit(toSee, async (ctx, { session }) => {
      const overview = await readOverview(deps, session.accountId);
      await render(ctx, overviewPage(ctx.state.chrome, overviewModel(ctx.state, overview)));
    }),

    signOut: visit({ ...toSee, returnTo: '/account' }, async (ctx, holder) => {
      await signOut(deps, holder);
      seeOther(ctx, '/');
    }),

    showSessions: visit(toSee, (ctx, holder) => showSessions(ctx, holder)),

    endSessions: visit({ ...toSee, returnTo: '/account/sessions' }, async (ctx, holder) => {
      const { session: which, passcode } = readForm(ctx, ['session', 'passcode']);
      const refuse = (error: FieldError, status = 422): Promise<void> =>
        showSessions(ctx, holder, { errors: [error], status, chosen: which });
      if (which === '') return refuse({ field: 'session', text: ctx.state.t('my_account.sessions_not_chosen') });
      const outcome = await endSessions(deps, holder, { which, passcode });
      if (outcome.kind === 'unknown')
        return refuse({ field: 'session', text: ctx.state.t('my_account.sessions_gone') });
      if (outcome.kind !== 'ended') {
        const error = notConfirmedError(ctx, outcome);
        return refuse(error, statusOf([error], outcome));
      }
      leaveNotice(ctx, 'session_ended');
      seeOther(ctx, '/account/sessions');
    }),

    showServices: visit(toSee, async (ctx, { session, locale }) => {
      const services = (await listConnectedServices(deps, session.accountId)).map((service) => ({
        href: `/account/services/${encodeURIComponent(service.clientId)}`,
        name: service.name[locale],
        first: dayText(locale, service.firstGivenAt),
        last: instantText(locale, service.lastGivenAt),
      }));
      await render(ctx, servicesPage(ctx.state.chrome, { services, done: doneText(ctx) }));
    }),

    showService: visit(toSee, (ctx, holder) => showService(ctx, holder)),

    withdraw: visit({ ...toSee, returnTo: '/account/services' }, async (ctx, holder) => {
      const { passcode } = readForm(ctx, ['passcode']);
      const outcome = await withdrawService(deps, holder, { clientId: clientIdOf(ctx), passcode });
      if (outcome.kind === 'unknown') throw new Refusal('not_found');
      if (outcome.kind !== 'withdrawn') {
        const error = notConfirmedError(ctx, outcome);
        return showService(ctx, holder, { errors: [error], status: statusOf([error], outcome) });
      }
      leaveNotice(ctx, 'withdrawn');
      seeOther(ctx, '/account/services');
    }),

    showHistory: visit(toSee, async (ctx, { session, locale }) => {
      const before = typeof ctx.query['before'] === 'string' ? ctx.query['before'] : undefined;
      const { entries, next } = await readHistory(deps, session.accountId, before);
      const model = {
        entries: entries.map((entry) => ({
          at: instantText(locale, entry.occurredAt),
          outcome: entry.outcome,
          authLevel: entry.authLevel,
          service: entry.serviceName?.[locale] ?? ctx.state.t('my_account.history_unknown_service'),
          deviceLabel: entry.deviceLabel,
        })),
        keptYears: deps.config.useHistoryYears,
        isFirstPage: before === undefined,
        olderHref: next && `/account/history?before=${encodeURIComponent(next)}`,
      };
      await render(ctx, historyPage(ctx.state.chrome, model));
    }),

    showLock: visit(toSee, (ctx) => render(ctx, lockPage(ctx.state.chrome, { errors: [] }))),

    lock: visit({ ...toSee, returnTo: '/account/lock' }, async (ctx, holder) => {
      const { passcode } = readForm(ctx, ['passcode']);
      const outcome = await lockMyAccount(deps, holder, passcode);
      if (outcome.kind === 'locked') return render(ctx, lockedPage(ctx.state.chrome));
      const error = notConfirmedError(ctx, outcome);
      return render(ctx, lockPage(ctx.state.chrome, { errors: [error] }), statusOf([error], outcome));
    }),
  };
}

function clientIdOf(ctx: PageContext): string {
  return (ctx['params'] as Record<string, string> | undefined)?.['client'] ?? '';
}

function doneText(ctx: PageContext): string | undefined {
  const done = takeNotice(ctx);
  return done && ctx.state.t(`my_account.done_${done}`);
}

function sessionModel(ctx: PageContext, session: ShownSession): SessionModel {
  const { locale } = ctx.state;
  return {
    uid: session.uid,
    deviceLabel: session.deviceLabel,
    signedIn: instantText(locale, session.signedInAt),
    expires: instantText(locale, session.expiresAt),
    authLevel: session.authLevel,
    services: session.services.map((service) => service[locale]),
  };
}

async function serviceModel(
  ctx: PageContext,
  deps: MyAccountDeps,
  { session, service }: Pick<Holder, 'session'> & { service: ConnectedService },
) {
  const { locale, t } = ctx.state;
  const name = service.name[locale];
  const accountLevel = (await findAccountRecord(deps.db, session.accountId))?.accountLevel ?? 0;
  const context: WordingContext = { t, clientName: name, accountLevel };
  const described = (scopes: readonly string[], claims: readonly string[]) => [
    ...deps.describeScopes(context, scopes),
    ...deps.describeClaims(context, claims),
  ];
  return {
    action: `/account/services/${encodeURIComponent(service.clientId)}/withdraw`,
    name,
    purpose: service.purpose,
    purposeLocale: service.purposeLocale,
    first: instantText(locale, service.firstGivenAt),
    last: instantText(locale, service.lastGivenAt),
    allowed: described(service.scopes, service.claims).map(({ title, content = '' }) => ({ title, content })),
    refused: described(service.refusedScopes, service.refusedClaims).map(({ title }) => title),
  };
}
