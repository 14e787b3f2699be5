import { findAccount } from '../accounts/account-store.ts';
import { changeConsentGrant } from '../accounts/consent-store.ts';
import { isSignInOver } from '../domain/account.ts';
import { authLevelOf } from '../domain/assurance.ts';
import { ACCESS_DENIED_TEXT, Refusal } from '../domain/refusal.ts';
import { instantText } from '../i18n/dates.ts';
import type { CitizenSession, FinishedError, InteractionView } from '../oidc/gateway.ts';
import { newId } from '../platform/ids.ts';
import { runShort } from '../platform/prepared-queries.ts';
import { clientAddress } from '../web/client-address.ts';
import { readAll, readForm } from '../web/forms.ts';
import { type PageContext, type PageHandler, respectUiLocales } from '../web/page-context.ts';
import { allowFormActionTo } from '../web/security-headers.ts';
import { deviceLabel } from './device-label.ts';
import { giveConsent } from './give-consent.ts';
import { findObstacle } from './judge-eligibility.ts';
import { deviceTokens, rememberDevice } from './known-device.ts';
import type { PasswordAhead } from './password-ahead.ts';
import { type PasswordOutcome, provePassword } from './prove-password.ts';
import { proveSecondFactor, secondFactorWaitSeconds } from './prove-second-factor.ts';
import { recordRefusal } from './record-refusal.ts';
import { type CompleteSignIn, recordSignIn } from './record-sign-in.ts';
import { sendSignInCode } from './send-sign-in-code.ts';
import {
  secondFactorWays,
  showConsentPage,
  showNoSecondFactor,
  showObstacle,
  showPasswordPage,
  showSecondFactorPage,
  showThrottled,
  showUnmet,
  waitText,
} from './show-pages.ts';
import { changeSignInStage, findSignInAttempt, putSignInAttempt, type SignInAttempt } from './sign-in-attempt-store.ts';
import type { SignInPagesDeps } from './sign-in-deps.ts';

type SignInRoutes = Record<
  'show' | 'showAgain' | 'busy' | 'provePassword' | 'sendCode' | 'proveSecondFactor' | 'consent' | 'returnToClient',
  PageHandler
>;

/** What every refusal tells the relying party, by whomever and for whatever reason: word for word what the provider says where it refuses
 *  without a page (`ACCESS_DENIED_TEXT` in src/oidc), so that the state of an account is never disclosed. */
const ACCESS_DENIED: FinishedError = {
  error: 'access_denied',
  description: ACCESS_DENIED_TEXT,
};
const UNMET: FinishedError = {
  error: 'unmet_authentication_requirements',
  description: 'the requested authentication strength is not offered',
};

const BUSY_STATUS = 503;

/** The pages of an authorization request that waits for the citizen. Whichever step a browser asks for, it gets the one that is due. */
export function signInRoutes(deps: SignInPagesDeps, ahead: Pick<PasswordAhead, 'outcomeOf'>): SignInRoutes {
  const show: PageHandler = async (ctx) => {
    const view = await presentInteraction(ctx, deps);
    if (view.prompt === 'login') return showLogin(ctx, deps, view);
    if (view.session === undefined) throw new Refusal('attempt_over');
    const { accountId } = view.session;
    if (view.prompt === 'consent') return showConsentPage(ctx, deps, view, { accountId });
    await showRefusal(ctx, deps, view, view.session);
  };

  return {
    show,
    /** A reload, or the language switch, of a page that answered a form. */
    showAgain: (ctx) => backToStart(ctx),

    /** Instead of `provePassword`, where too many wait for theirs to be judged. */
    busy: async (ctx) => {
      const view = await presentInteraction(ctx, deps, 'login');
      const { citizen_id: citizenId } = readForm(ctx, ['citizen_id']);
      const errors = [{ field: '', text: ctx.state.t('sign_in.busy') }];
      await showPasswordPage(ctx, deps, view, { citizenId, errors, status: BUSY_STATUS });
    },

    provePassword: async (ctx) => {
      const view = await presentInteraction(ctx, deps, 'login');
      const required = view.requiredAuthLevel;
      if (required === 'cannot_be_met') return backToStart(ctx);
      const typed = readForm(ctx, ['citizen_id', 'password']);
      const toProve = {
        citizenId: typed.citizen_id,
        password: typed.password,
        address: clientAddress(ctx),
        deviceTokens: deviceTokens(ctx, deps),
        deviceLabel: deviceLabel(ctx.get('User-Agent')),
        clientId: view.client.id,
      };
      const outcome = ahead.outcomeOf(ctx.req) ?? (await provePassword(deps, toProve));
      if (outcome.kind === 'throttled') return showThrottled(ctx, deps, view, { of: 'password', ...outcome });
      if (outcome.kind !== 'right') {
        const errors = [passwordError(ctx, outcome)];
        return showPasswordPage(ctx, deps, view, { citizenId: typed.citizen_id, errors });
      }
      await goOnFromPassword(ctx, deps, view, outcome);
    },

    sendCode: async (ctx) => {
      const view = await presentInteraction(ctx, deps, 'login');
      const attempt = await presentAttempt(deps, view);
      if (attempt?.stage !== 'second_factor') return backToStart(ctx);
      const outcome = await sendSignInCode(deps, attempt, (code) => codeSms(ctx, deps, code));
      if (outcome.kind === 'no_phone') return showNoSecondFactor(ctx, view);
      if (outcome.kind === 'sent') return backToStart(ctx);
      const { retryAfterSeconds, because } = outcome;
      const wait = waitText(ctx.state.t, retryAfterSeconds);
      const errors = [{ field: '', text: ctx.state.t(`sign_in.wait_${because}`, { wait }) }];
      const now = (await presentAttempt(deps, view)) ?? attempt;
      await showSecondFactorPage(ctx, deps, view, { attempt: now, errors, retryAfterSeconds });
    },

    proveSecondFactor: async (ctx) => {
      const signedInAt = deps.clock();
      const view = await presentInteraction(ctx, deps, 'login');
      const attempt = await presentAttempt(deps, view);
      if (attempt?.stage !== 'second_factor') return backToStart(ctx);
      const typed = readForm(ctx, ['method', 'code']);
      const method = typed.method === 'otp' ? 'otp' : 'sms';
      const outcome = await proveSecondFactor(deps, attempt, {
        method,
        code: typed.code,
        clientId: view.client.id,
        deviceLabel: deviceLabel(ctx.get('User-Agent')),
      });
      const { t } = ctx.state;
      switch (outcome.kind) {
        case 'right':
          return completeSecondFactor(ctx, deps, view, { attempt, method, signedInAt });
        case 'throttled':
          return showThrottled(ctx, deps, view, { of: 'code', ...outcome });
        case 'start_over':
          return showPasswordPage(ctx, deps, view, { errors: [{ field: '', text: t('sign_in.start_over') }] });
        case 'malformed':
        case 'wrong':
        case 'expired': {
          const text = outcome.kind === 'malformed' ? t('sign_in.code_malformed') : t(codeError(method, outcome.kind));
          return showSecondFactorPage(ctx, deps, view, { attempt, method, errors: [{ field: 'code', text }] });
        }
      }
    },

    consent: async (ctx) => {
      const view = await presentInteraction(ctx, deps, 'consent');
      const accountId = view.session?.accountId;
      if (accountId === undefined) throw new Refusal('attempt_over');
      const { decision } = readForm(ctx, ['decision']);
      if (decision === 'deny') return deps.gateway.finishError(ctx, ACCESS_DENIED);
      if (decision !== 'allow') {
        const errors = [{ field: 'decision', text: ctx.state.t('consent.decision_missing') }];
        return showConsentPage(ctx, deps, view, { accountId, errors });
      }
      const { locale } = ctx.state;
      const ticked = { scopes: readAll(ctx, 'scope'), claims: readAll(ctx, 'claim') };
      const { receiptId, consent } = await giveConsent(deps, view, { accountId, locale, ...ticked });
      const { grantId } = await deps.gateway.finishConsent(ctx, consent);
      await changeConsentGrant(deps.db, receiptId, grantId);
    },

    returnToClient: async (ctx) => {
      const view = await presentInteraction(ctx, deps);
      await deps.gateway.finishError(ctx, (await cannotMeet(deps, view)) ? UNMET : ACCESS_DENIED);
    },
  };
}

/** The request that waits under this address, in this browser. @throws Refusal when it is over, or another browser's. */
async function presentInteraction(
  ctx: PageContext,
  deps: SignInPagesDeps,
  prompt?: InteractionView['prompt'],
): Promise<InteractionView> {
  const view = await deps.gateway.findInteraction(ctx);
  const { uid } = ctx['params'] as { uid?: string };
  if (view === undefined || view.uid !== uid) throw new Refusal('attempt_over');
  if (prompt !== undefined && view.prompt !== prompt) throw new Refusal('attempt_over');
  respectUiLocales(ctx, view.uiLocales);
  allowFormActionTo(ctx, view.client.redirectOrigin);
  return view;
}

/** The provider found that the session's account may not be used for this request. */
async function showRefusal(
  ctx: PageContext,
  deps: SignInPagesDeps,
  view: InteractionView,
  session: CitizenSession,
): Promise<void> {
  const { accountId, factors, signedInAt } = session;
  const now = deps.clock();
  const { leastAccountLevel } = view.client;
  const obstacle =
    (await findObstacle(deps.db, accountId, { leastAccountLevel, now })) ??
    // A resource may need more than the service itself does.
    (await findObstacle(deps.db, accountId, { leastAccountLevel: 2, now }));
  if (obstacle !== undefined) return showObstacle(ctx, view, obstacle);
  // Gone in the meantime, by an activation in another window: the provider judges anew.
  await deps.gateway.finishLogin(ctx, { accountId, factors, signedInAt });
}

async function showLogin(ctx: PageContext, deps: SignInPagesDeps, view: InteractionView): Promise<void> {
  if (view.requiredAuthLevel === 'cannot_be_met') return showUnmet(ctx, view);
  if (ctx.query['account'] === 'other') return showPasswordPage(ctx, deps, view);
  const attempt = (await presentAttempt(deps, view)) ?? (await startStepUp(deps, view));
  if (attempt?.stage === 'second_factor') {
    if (view.session !== undefined && (await mayStayWeaker(deps, view, attempt))) {
      const { accountId, factors, signedInAt } = view.session;
      return deps.gateway.finishLogin(ctx, { accountId, factors, signedInAt });
    }
    const method = ctx.query['method'] === 'otp' ? 'otp' : undefined;
    return showSecondFactorPage(ctx, deps, view, { attempt, method });
  }
  const { leastAccountLevel } = view.client;
  const obstacle =
    attempt?.stage === 'refused'
      ? await findObstacle(deps.db, attempt.accountId, { leastAccountLevel, now: deps.clock() })
      : undefined;
  return obstacle === undefined ? showPasswordPage(ctx, deps, view) : showObstacle(ctx, view, obstacle);
}

/** What this interaction has proved and may still build upon; undefined when that was used up, or rested on a session that has ended. */
async function presentAttempt(deps: SignInPagesDeps, view: InteractionView): Promise<SignInAttempt | undefined> {
  const attempt = await findSignInAttempt(deps.db, view.uid, deps.clock());
  if (attempt === undefined || attempt.stage === 'done') return undefined;
  if (attempt.sessionUid === undefined) return (await isProofOver(deps, attempt)) ? undefined : attempt;
  const { session } = view;
  const isStanding = session?.uid === attempt.sessionUid && session.accountId === attempt.accountId;
  return isStanding && !view.mustSignInAgain ? attempt : undefined;
}

/** The password was proved before every access of the account ended: it may be another one by now. */
async function isProofOver(deps: SignInPagesDeps, { accountId, provedAt }: SignInAttempt): Promise<boolean> {
  return isSignInOver((await findAccount(deps.db, accountId))?.accessEnd, { at: provedAt });
}

/** A session that is only too weak needs the second factor alone. */
async function startStepUp(deps: SignInPagesDeps, view: InteractionView): Promise<SignInAttempt | undefined> {
  const { session, requiredAuthLevel: required, mustSignInAgain } = view;
  if (session === undefined || mustSignInAgain || required === 'cannot_be_met') return undefined;
  if (session.authLevel >= required) return undefined;
  const { accountId, uid: sessionUid } = session;
  await startAttempt(deps, view, { accountId, sessionUid, provedAt: deps.clock() });
  return findSignInAttempt(deps.db, view.uid, deps.clock());
}

/** A step-up that nobody needs, of someone who has no second factor. */
async function mayStayWeaker(deps: SignInPagesDeps, view: InteractionView, attempt: SignInAttempt): Promise<boolean> {
  if (attempt.sessionUid === undefined || isSecondFactorMandatory(view)) return false;
  const { hasApp, phone } = await secondFactorWays(deps, attempt.accountId);
  return !hasApp && phone === undefined;
}

async function startAttempt(
  deps: SignInPagesDeps,
  view: InteractionView,
  proved: { accountId: string; provedAt: Date; sessionUid?: string; stage?: SignInAttempt['stage'] },
): Promise<void> {
  const expiresAt = new Date(deps.clock().getTime() + deps.config.attemptLifetimeSeconds * 1_000);
  await putSignInAttempt(deps.db, { id: view.uid, serial: newId(), stage: 'second_factor', ...proved, expiresAt });
}

/** The password is right: is the account one for this service, is a second factor needed, or is this all? */
async function goOnFromPassword(
  ctx: PageContext,
  deps: SignInPagesDeps,
  view: InteractionView,
  { accountId, provedAt, settled }: Extract<PasswordOutcome, { kind: 'right' }>,
): Promise<void> {
  const { leastAccountLevel, id: clientId } = view.client;
  const obstacle = await findObstacle(deps.db, accountId, { leastAccountLevel, now: deps.clock() });
  if (obstacle === undefined && view.requiredAuthLevel === 1)
    return complete(ctx, deps, view, { accountId, settled, factors: ['pwd'], signedInAt: provedAt });
  await runShort(deps.db, settled);
  if (obstacle !== undefined) {
    await recordRefusal(deps, { accountId, clientId, obstacle: obstacle.kind });
    await startAttempt(deps, view, { accountId, provedAt, stage: 'refused' });
    return backToStart(ctx);
  }
  const retryAfterSeconds = await secondFactorWaitSeconds(deps, accountId);
  if (retryAfterSeconds > 0) return showThrottled(ctx, deps, view, { of: 'code', retryAfterSeconds });
  const { hasApp, phone } = await secondFactorWays(deps, accountId);
  if (!hasApp && phone === undefined && !isSecondFactorMandatory(view))
    return complete(ctx, deps, view, { accountId, factors: ['pwd'], signedInAt: provedAt });
  await startAttempt(deps, view, { accountId, provedAt });
  const attempt = await presentAttempt(deps, view);
  // Whatever hinders the message (it has just gone, too many today) is said on the next page, where another can be asked for.
  if (attempt !== undefined && !hasApp) await sendSignInCode(deps, attempt, (code) => codeSms(ctx, deps, code));
  backToStart(ctx);
}

/** The second factor is right. The attempt completes once, however often the form was sent, and only for an account that may still be used. */
async function completeSecondFactor(
  ctx: PageContext,
  deps: SignInPagesDeps,
  view: InteractionView,
  proved: { attempt: SignInAttempt; method: 'otp' | 'sms'; signedInAt: Date },
): Promise<void> {
  const { attempt, method } = proved;
  const { accountId } = attempt;
  const { leastAccountLevel } = view.client;
  const obstacle = await findObstacle(deps.db, accountId, { leastAccountLevel, now: deps.clock() });
  const isMoved = await changeSignInStage(deps.db, attempt, obstacle === undefined ? 'done' : 'refused');
  if (!isMoved || obstacle !== undefined) return backToStart(ctx);
  const session = attempt.sessionUid === undefined ? undefined : view.session;
  await complete(ctx, deps, view, {
    accountId,
    factors: [...(session?.factors ?? (['pwd'] as const)), method],
    // A step-up does not make the password younger than it is: max_age and auth_time speak of the oldest factor.
    signedInAt: session?.signedInAt ?? proved.signedInAt,
  });
}

async function complete(
  ctx: PageContext,
  deps: SignInPagesDeps,
  view: InteractionView,
  login: Pick<CompleteSignIn, 'accountId' | 'factors' | 'settled'> & { signedInAt: Date },
): Promise<void> {
  const { signedInAt, ...proved } = login;
  const { accountId, factors } = proved;
  const { t, locale } = ctx.state;
  const label = deviceLabel(ctx.get('User-Agent'));
  const newDeviceSms = (): string => t('sms.new_device', { device: label, time: instantText(locale, deps.clock()) });
  const tokens = deviceTokens(ctx, deps);
  const device = { tokens, label, newDeviceSms };
  const newToken = await recordSignIn(deps, { ...proved, clientId: view.client.id, device });
  rememberDevice(ctx, deps, newToken === undefined ? tokens : [newToken, ...tokens]);
  ctx.state.log.info({ accountId, clientId: view.client.id, authLevel: authLevelOf(factors) }, 'sign_in.succeeded');
  await deps.gateway.finishLogin(ctx, { accountId, factors, signedInAt });
}

/** A strength that was asked for voluntarily is worth a question; for someone without a second factor it is no reason to stop. */
function isSecondFactorMandatory({ hasEssentialAcr, client }: InteractionView): boolean {
  return hasEssentialAcr || client.leastAuthLevel > 1;
}

/** Whether the request ends because it asks for more than can be proved, rather than by anybody's choice. */
async function cannotMeet(deps: SignInPagesDeps, view: InteractionView): Promise<boolean> {
  if (view.prompt !== 'login') return false;
  if (view.requiredAuthLevel === 'cannot_be_met') return true;
  const attempt = view.hasEssentialAcr ? await presentAttempt(deps, view) : undefined;
  if (attempt?.stage !== 'second_factor') return false;
  const { hasApp, phone } = await secondFactorWays(deps, attempt.accountId);
  return !hasApp && phone === undefined;
}

function codeSms(ctx: PageContext, deps: SignInPagesDeps, code: string): string {
  return ctx.state.t('sms.sign_in_code', { code, minutes: Math.ceil(deps.config.codeLifetimeSeconds / 60) });
}

function codeError(method: 'otp' | 'sms', kind: 'wrong' | 'expired') {
  if (method === 'otp') return 'sign_in.otp_wrong';
  return kind === 'wrong' ? 'sign_in.sms_wrong' : 'sign_in.sms_expired';
}

function passwordError(
  ctx: PageContext,
  outcome: Extract<PasswordOutcome, { kind: 'wrong' | 'malformed' }>,
): { field: string; text: string } {
  const { t } = ctx.state;
  if (outcome.kind === 'wrong') return { field: '', text: t('sign_in.wrong') };
  if (outcome.field === 'password') return { field: 'password', text: t('sign_in.password_empty') };
  return { field: 'citizen_id', text: t(`sign_in.citizen_id_${outcome.reason}`) };
}

function backToStart(ctx: PageContext): void {
  const { uid = '' } = ctx['params'] as { uid?: string };
  ctx.redirect(`/interaction/${encodeURIComponent(uid)}`);
  ctx.status = 303;
}
