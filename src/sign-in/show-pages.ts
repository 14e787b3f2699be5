import type { FieldError } from '../../views/components/error-summary.ts';
import { consentPage } from '../../views/consent/consent-page.ts';
import { escapeHtml } from '../../views/escape-html.ts';
import { type DeadEndPageModel, deadEndPage, throttledPage } from '../../views/sign-in/notice-pages.ts';
import { passwordPage } from '../../views/sign-in/password-page.ts';
import { secondFactorPage } from '../../views/sign-in/second-factor-page.ts';
import { findAccountRecord } from '../accounts/account-record.ts';
import { listStandingConsents } from '../accounts/consent-store.ts';
import { findCredential } from '../accounts/credential-store.ts';
import { parseCitizenId } from '../domain/citizen-id.ts';
import { maskPhoneNumber } from '../domain/phone-number.ts';
import { timeText } from '../i18n/dates.ts';
import type { Translate } from '../i18n/translator.ts';
import type { InteractionView } from '../oidc/gateway.ts';
import type { PageContext } from '../web/page-context.ts';
import { render, renderBytes } from '../web/render.ts';
import { claimItems, scopeItems, sortRequest } from './consent-items.ts';
import type { Obstacle } from './judge-eligibility.ts';
import { findPhone } from './send-sign-in-code.ts';
import type { SignInAttempt } from './sign-in-attempt-store.ts';
import type { SignInDeps, SignInPagesDeps } from './sign-in-deps.ts';

const NO_BREAK_SPACE = '\u00a0';
const WRONG_STATUS = 422;
const THROTTLED_STATUS = 429;

/** `/interaction/<uid>` and the relying party's name: what every page needs. */
function interactionOf(ctx: PageContext, view: InteractionView): { href: string; clientName: string } {
  return { href: `/interaction/${view.uid}`, clientName: view.client.name[ctx.state.locale] };
}

export async function showPasswordPage(
  ctx: PageContext,
  deps: SignInPagesDeps,
  view: InteractionView,
  again: { citizenId?: string; errors?: readonly FieldError[]; status?: number } = {},
): Promise<void> {
  const { citizenId = hintedCitizenId(deps, view), errors = [], status = WRONG_STATUS } = again;
  const isAgain = view.mustSignInAgain && view.session !== undefined;
  if (citizenId === '' && !isAgain && errors.length === 0) return showFirstPasswordPage(ctx, deps, view);
  const model = { ...interactionOf(ctx, view), citizenId, isAgain, errors };
  await render(ctx, passwordPage(ctx.state.chrome, model), errors.length > 0 ? status : 200);
}

/** The page that nearly everybody sees. */
async function showFirstPasswordPage(
  ctx: PageContext,
  { first }: SignInPagesDeps,
  view: InteractionView,
): Promise<void> {
  const { locale, localeSource, chrome, nonce } = ctx.state;
  if (localeSource === 'browser' || localeSource === 'default') first.locales.learn(ctx.headers, locale);
  const { href, clientName } = interactionOf(ctx, view);
  const page = await first.page(chrome, clientName);
  const [vi, en] = [escapeHtml(chrome.languageHref('vi')), escapeHtml(chrome.languageHref('en'))];
  renderBytes(ctx, page.plain({ nonce, csrfToken: chrome.csrfToken, href: escapeHtml(href), vi, en }));
}

/** A hint of the relying party is worth a prefilled field only when it is a citizen id. */
function hintedCitizenId(deps: SignInDeps, view: InteractionView): string {
  const parsed = parseCitizenId(view.loginHint ?? '', { allowSynthetic: deps.config.isSandbox });
  return parsed.ok ? parsed.value : '';
}

/** The ways this account has for a second factor. */
export async function secondFactorWays(
  deps: SignInDeps,
  accountId: string,
): Promise<{ hasApp: boolean; phone: string | undefined }> {
  const totp = await findCredential(deps.db, accountId, 'totp');
  const phone = await findPhone(deps, accountId);
  return { hasApp: totp !== undefined, phone: phone && maskPhoneNumber(phone).replaceAll(' ', NO_BREAK_SPACE) };
}

/** `method`: the one asked for; without it the app's code, until a message was sent. */
type SecondFactorPage = {
  attempt: SignInAttempt;
  method?: 'otp' | 'sms' | undefined;
  errors?: readonly FieldError[];
  retryAfterSeconds?: number;
};

export async function showSecondFactorPage(
  ctx: PageContext,
  deps: SignInDeps,
  view: InteractionView,
  page: SecondFactorPage,
): Promise<void> {
  const { attempt, errors = [], retryAfterSeconds } = page;
  const ways = await secondFactorWays(deps, attempt.accountId);
  if (!ways.hasApp && ways.phone === undefined) return showNoSecondFactor(ctx, view);
  const model = {
    ...interactionOf(ctx, view),
    ...ways,
    kind: kindOfPage(page, ways.hasApp),
    isStepUp: attempt.sessionUid !== undefined,
    ...codeTimes(ctx, deps, attempt),
    errors,
  };
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
  const refusedStatus = retryAfterSeconds === undefined ? WRONG_STATUS : THROTTLED_STATUS;
  await render(ctx, secondFactorPage(ctx.state.chrome, model), errors.length > 0 ? refusedStatus : 200);
}

function kindOfPage({ attempt, method }: SecondFactorPage, hasApp: boolean): 'otp' | 'sms' | 'offer' {
  const isSent = attempt.codeSentAt !== undefined;
  if (hasApp && (method === 'otp' || (method === undefined && !isSent))) return 'otp';
  return isSent ? 'sms' : 'offer';
}

/** When the newest message went, and until when its code is good. */
function codeTimes(
  ctx: PageContext,
  deps: SignInDeps,
  { codeSentAt }: SignInAttempt,
): { sent?: string; until?: string } {
  if (codeSentAt === undefined) return {};
  const until = new Date(codeSentAt.getTime() + deps.config.codeLifetimeSeconds * 1_000);
  return { sent: timeText(ctx.state.locale, codeSentAt), until: timeText(ctx.state.locale, until) };
}

export async function showThrottled(
  ctx: PageContext,
  deps: SignInDeps,
  view: InteractionView,
  block: { of: 'password' | 'code'; retryAfterSeconds: number },
): Promise<void> {
  const { of, retryAfterSeconds } = block;
  const { t, locale, chrome } = ctx.state;
  const until = new Date(deps.clock().getTime() + retryAfterSeconds * 1_000);
  ctx.set('Retry-After', String(retryAfterSeconds));
  const model = {
    ...interactionOf(ctx, view),
    of,
    wait: waitText(t, retryAfterSeconds),
    // Rounded up to the minute, or the time shown would be too early.
    until: timeText(locale, new Date(Math.ceil(until.getTime() / 60_000) * 60_000)),
  };
  await render(ctx, throttledPage(chrome, model), THROTTLED_STATUS);
}

/** `45 seconds`, `15 minutes`, `2 hours`; rounded up, so that whoever waits so long has waited enough. */
export function waitText(t: Translate, seconds: number): string {
  if (seconds <= 60) return t('sign_in.seconds', { count: seconds });
  if (seconds <= 5_400) return t('sign_in.minutes', { count: Math.ceil(seconds / 60) });
  return t('sign_in.hours', { count: Math.ceil(seconds / 3_600) });
}

export async function showObstacle(ctx: PageContext, view: InteractionView, obstacle: Obstacle): Promise<void> {
  const { t } = ctx.state;
  const interaction = interactionOf(ctx, view);
  const isWaiting = obstacle.kind === 'not_activated' || obstacle.kind === 'account_level_too_low';
  await showDeadEnd(ctx, {
    ...interaction,
    title: t(`sign_in.${obstacle.kind}_title`),
    text: t(`sign_in.${obstacle.kind}`, { client: interaction.clientName }),
    todo: todoOf(t, obstacle),
    isActivationOpen: isWaiting && obstacle.waiting === 'pending',
    isToCall: obstacle.kind === 'locked' || (isWaiting && mustCall(obstacle)),
    isPrivate: true,
  });
}

/** Of an obstacle for which she waits: whether the hotline is what the page names first. */
function mustCall({ kind, waiting }: Obstacle): boolean {
  return waiting === 'late' || (waiting === 'none' && kind === 'not_activated');
}

function todoOf(t: Translate, { kind, waiting }: Obstacle): string {
  if (kind !== 'not_activated' && kind !== 'account_level_too_low') return t(`sign_in.${kind}_todo`);
  if (waiting !== 'none') return t(`sign_in.waiting_${waiting}`);
  return t(kind === 'not_activated' ? 'sign_in.waiting_none_activation' : 'sign_in.waiting_none_level');
}

export async function showUnmet(ctx: PageContext, view: InteractionView): Promise<void> {
  await showWhy(ctx, view, 'unmet');
}

export async function showNoSecondFactor(ctx: PageContext, view: InteractionView): Promise<void> {
  await showWhy(ctx, view, 'no_second_factor');
}

async function showWhy(ctx: PageContext, view: InteractionView, why: 'unmet' | 'no_second_factor'): Promise<void> {
  const { t } = ctx.state;
  const interaction = interactionOf(ctx, view);
  const client = interaction.clientName;
  await showDeadEnd(ctx, {
    ...interaction,
    title: t(`sign_in.${why}_title`),
    text: t(`sign_in.${why}`, { client }),
    todo: t(`sign_in.${why}_todo`, { client }),
    isPrivate: false,
  });
}

async function showDeadEnd(ctx: PageContext, model: DeadEndPageModel): Promise<void> {
  await render(ctx, deadEndPage(ctx.state.chrome, model));
}

export async function showConsentPage(
  ctx: PageContext,
  deps: SignInDeps,
  view: InteractionView,
  page: { accountId: string; errors?: readonly FieldError[] },
): Promise<void> {
  const { t, locale, chrome } = ctx.state;
  const { errors = [] } = page;
  const interaction = interactionOf(ctx, view);
  const record = await findAccountRecord(deps.db, page.accountId);
  const context = { t, clientName: interaction.clientName, accountLevel: record?.accountLevel ?? 0 };
  const asked = sortRequest(view);
  const standing = await listStandingConsents(deps.db, page.accountId, view.client.id);
  const stands = {
    scopes: [...(view.consent?.givenScopes ?? []), ...standing.flatMap((one) => one.scopes)],
    claims: [...(view.consent?.givenClaims ?? []), ...standing.flatMap((one) => one.claims)],
  };
  // With prompt=consent everything is asked again, and then nothing is shown twice.
  const given = {
    scopes: [...new Set(stands.scopes)].filter((scope) => view.consent?.scopes.includes(scope) !== true),
    claims: [...new Set(stands.claims)].filter((claim) => view.consent?.claims.includes(claim) !== true),
  };
  const model = {
    ...interaction,
    purpose: view.client.purpose[locale],
    essential: [...scopeItems(context, asked.essentialScopes), ...claimItems(context, asked.essentialClaims)],
    voluntaryScopes: scopeItems(context, asked.voluntaryScopes),
    voluntaryClaims: claimItems(context, asked.voluntaryClaims),
    given: [...scopeItems(context, given.scopes), ...claimItems(context, given.claims)],
    errors,
  };
  await render(ctx, consentPage(chrome, model), errors.length > 0 ? WRONG_STATUS : 200);
}
