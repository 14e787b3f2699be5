import { escapeHtml } from '../../views/escape-html.ts';
import { hiddenFields } from '../../views/waiting-room/hidden-fields.ts';
import { WAITING_SLOTS, type WaitingSlot, waitingPage } from '../../views/waiting-room/waiting-page.ts';
import { timeText } from '../i18n/dates.ts';
import { type Locale, translator } from '../i18n/translator.ts';
import type { Clock } from '../platform/clock.ts';
import type { Assets } from '../web/assets.ts';
import { clearCookie, cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import { chooseLocale, languageHref } from '../web/locale.ts';
import type { PageContext, PageMiddleware } from '../web/page-context.ts';
import { type PageTemplate, pageTemplate } from '../web/page-template.ts';
import { TURN_MS } from './line.ts';
import type { LoadMeter } from './load-meter.ts';
import type { Place, WaitingRoom } from './waiting-room.ts';

export type WaitingRoomRoutesDeps = {
  readonly config: { readonly isSecure: boolean; readonly isSandbox: boolean; readonly hotline: string };
  readonly clock: Clock;
  readonly assets: Assets;
  readonly waitingRoom: WaitingRoom;
  readonly loadMeter: Pick<LoadMeter, 'watchPage'>;
};

/** Where a visit begins. Whatever comes after (a form, a step, an interaction) belongs to something begun, and is never stopped. */
const BEGINNINGS: ReadonlySet<string> = new Set(['/', '/activate', '/recover', '/authorize']);
const PLACE_ADDRESS = '/waiting-room/place';
const TICKET_SECONDS = 6 * 3_600;
const CHECK_AFTER_SECONDS = { least: 2, short: 10, most: 120 };

/** Stands before people's pages: while the waiting room is open a new visitor gets the waiting page at the very address she asked for, and goes on there
 *  when her turn has come. Nothing about her is kept but in her own signed cookie. */
export function waitingRoomGate(deps: WaitingRoomRoutesDeps): PageMiddleware {
  const { waitingRoom } = deps;
  const names = cookieNames(deps.config.isSecure);
  const begun = [names.attempt, names.recovery, deps.config.isSecure ? '__Host-session' : 'session'];
  const templates = waitingTemplates(deps);

  /** Something of hers goes on: a sign-in, an activation, or a visit that was let in a moment ago. */
  const isOnHerWay = (ctx: PageContext): boolean => {
    const pass = readCookie(ctx, names.waiting_pass);
    if (pass !== undefined && waitingRoom.passes(pass, 'pass')) return true;
    return begun.some((name) => {
      const cookie = readCookie(ctx, name);
      return cookie !== undefined && waitingRoom.passes(cookie, 'begun');
    });
  };
  const letIn = (ctx: PageContext): void => {
    waitingRoom.entered();
    setCookie(ctx, names.waiting_pass, waitingRoom.givePass(), { maxAgeSeconds: TURN_MS / 1_000 });
  };
  /** @returns her place in line; undefined when she goes in. */
  const judge = async (ctx: PageContext): Promise<Place | undefined> => {
    const ticket = readCookie(ctx, names.waiting_ticket);
    const verdict = ticket === undefined ? undefined : await waitingRoom.judgeTicket(ticket);
    if (verdict?.kind === 'wait') return verdict.place;
    if (verdict?.kind === 'turn') {
      clearCookie(ctx, names.waiting_ticket);
      letIn(ctx);
      return undefined;
    }
    if (waitingRoom.entersAtOnce()) {
      letIn(ctx);
      return undefined;
    }
    const given = waitingRoom.giveTicket();
    setCookie(ctx, names.waiting_ticket, given, { maxAgeSeconds: TICKET_SECONDS });
    const place = waitingRoom.placeOf(given);
    return place === undefined || place === 'turn' ? { waitSeconds: 0, isGuess: true } : place;
  };

  /** @returns undefined for whoever goes in. */
  const placeOf = async (ctx: PageContext): Promise<Place | undefined> => {
    if (!waitingRoom.isOpen()) {
      waitingRoom.entered();
      return undefined;
    }
    return isOnHerWay(ctx) ? undefined : judge(ctx);
  };

  return async (ctx, next) => {
    if (ctx.path === PLACE_ADDRESS && ctx.method === 'GET') {
      showPlace(ctx, deps, readCookie(ctx, names.waiting_ticket));
      return;
    }
    deps.loadMeter.watchPage(ctx.res);
    const place = isBeginning(ctx) ? await placeOf(ctx) : undefined;
    if (place === undefined) {
      await next();
      return;
    }
    const { locale, source } = chooseLocale(ctx, names.locale);
    if (source === 'link') setCookie(ctx, names.locale, locale, { maxAgeSeconds: 365 * 86_400 });
    await showWaiting(ctx, place, { locale, template: templates[locale], now: deps.clock() });
  };
}

function isBeginning(ctx: PageContext): boolean {
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return false;
  const path = ctx.path.toLowerCase().replace(/(?<=.)\/$/, '');
  // Asked without a page (OpenID Connect Core 3.1.2.1), the answer is one redirect. A broken address has a page of its own.
  return BEGINNINGS.has(path) && ctx.query['prompt'] !== 'none' && !ctx.url.includes('%00');
}

/** 503, so that no program takes it for the page it asked for; `no-store`, so that no cache gives it to somebody else. */
async function showWaiting(
  ctx: PageContext,
  place: Place,
  { locale, template, now }: { locale: Locale; template: Promise<PageTemplate<WaitingSlot>>; now: Date },
): Promise<void> {
  ctx.state.route = 'waiting_room';
  ctx.status = 503;
  ctx.set('Retry-After', String(checkAfterSeconds(place)));
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Accept');
  const t = translator(locale);
  if (ctx.accepts('html', 'json') !== 'html') {
    ctx.type = 'application/problem+json';
    const [title, detail] = [t('waiting_room.title'), t('waiting_room.for_programs')];
    ctx.body = JSON.stringify({ type: 'urn:dinhdanh:problem:waiting', title, status: 503, detail, code: 'waiting' });
    return;
  }
  ctx.type = 'html';
  ctx.set('Content-Language', locale);
  ctx.vary('Accept-Language');
  const fill = await template;
  ctx.body = fill({
    nonce: ctx.state.nonce,
    vi: escapeHtml(languageHref(ctx, 'vi')),
    en: escapeHtml(languageHref(ctx, 'en')),
    action: escapeHtml(ctx.path),
    fields: hiddenFields(ctx.querystring),
    place: placeText(locale, place),
    time: timeText(locale, now),
  });
}

/** For the page's script. What it says is only for her: it tells nothing of others. */
function showPlace(
  ctx: PageContext,
  { waitingRoom, config, clock }: WaitingRoomRoutesDeps,
  ticket: string | undefined,
): void {
  ctx.state.route = 'waiting_room_place';
  const { locale } = chooseLocale(ctx, cookieNames(config.isSecure).locale);
  const place = waitingRoom.isOpen() && ticket !== undefined ? waitingRoom.placeOf(ticket) : 'turn';
  ctx.set('Cache-Control', 'no-store');
  const isTurn = place === 'turn' || place === undefined;
  ctx.body = {
    isTurn,
    text: isTurn ? translator(locale)('waiting_room.turn') : placeText(locale, place),
    asOf: translator(locale)('waiting_room.as_of', { time: timeText(locale, clock()) }),
    checkAfterSeconds: isTurn ? CHECK_AFTER_SECONDS.most : checkAfterSeconds(place),
  };
}

function placeText(locale: Locale, { waitSeconds, isGuess }: Place): string {
  const t = translator(locale);
  if (isGuess) return t('waiting_room.cannot_tell');
  return waitSeconds < 60
    ? t('waiting_room.soon')
    : t('waiting_room.minutes', { minutes: Math.ceil(waitSeconds / 60) });
}

/** When the turn is near: when it comes, or places would stand empty. Before that the more seldom the longer the line is: a hundred thousand pages must not
 *  ask every second. */
function checkAfterSeconds({ waitSeconds }: Place): number {
  const { least, short, most } = CHECK_AFTER_SECONDS;
  if (waitSeconds <= short) return Math.max(least, waitSeconds);
  return Math.min(most, Math.max(short, Math.ceil(0.6 * waitSeconds)));
}

/** The page of each language is rendered once; a visitor's differs in a few places. */
function waitingTemplates({
  config,
  assets,
}: WaitingRoomRoutesDeps): Record<Locale, Promise<PageTemplate<WaitingSlot>>> {
  const templateOf = (locale: Locale): Promise<PageTemplate<WaitingSlot>> =>
    pageTemplate(WAITING_SLOTS, (slots) => {
      const chrome = {
        locale,
        t: translator(locale),
        csrfToken: '',
        path: '',
        isSandbox: config.isSandbox,
        hotline: config.hotline,
        nonce: slots.nonce,
        languageHref: (other: Locale) => slots[other],
        assets: assets.hrefs,
      };
      const script = assets.hrefOf('waiting-room.js');
      return waitingPage(chrome, { script, placeHref: `${PLACE_ADDRESS}?lang=${locale}`, slots });
    });
  return { vi: templateOf('vi'), en: templateOf('en') };
}
