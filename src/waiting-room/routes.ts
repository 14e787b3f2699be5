import { escapeHtml } from '../../views/escape-html.ts';
import { hiddenFields } from '../../views/waiting-room/hidden-fields.ts';
import { type Locale, translator } from '../i18n/translator.ts';
import type { Clock } from '../platform/clock.ts';
import { clearCookie, cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import { chooseLocale, languageHref } from '../web/locale.ts';
import type { PageContext, PageMiddleware } from '../web/page-context.ts';
import { TURN_MS } from './line.ts';
import type { LoadMeter } from './load-meter.ts';
import { checkAfterSeconds, PLACE_ADDRESS, placeBody, type WaitingPages } from './waiting-answer.ts';
import type { Place, WaitingRoom } from './waiting-room.ts';

export type WaitingRoomGateDeps = {
  readonly config: { readonly isSecure: boolean };
  readonly clock: Clock;
  readonly pages: WaitingPages;
  /** Told what a browser's headers say of its language, so that it need not be found out again. */
  readonly learn: (ctx: PageContext, locale: Locale) => void;
  readonly waitingRoom: WaitingRoom;
  readonly loadMeter: Pick<LoadMeter, 'watchPage'>;
};

/** Where a visit begins. Whatever comes after (a form, a step, an interaction) belongs to something begun, and is never stopped. */
export const BEGINNINGS: ReadonlySet<string> = new Set(['/', '/activate', '/recover', '/authorize']);
export const TICKET_SECONDS = 6 * 3_600;

/** Stands before people's pages: while the waiting room is open a new visitor gets the waiting page at the very address she asked for, and goes on there
 *  when her turn has come. Nothing about her is kept but in her own signed cookie. */
export function waitingRoomGate(deps: WaitingRoomGateDeps): PageMiddleware {
  const { waitingRoom } = deps;
  const { isSecure } = deps.config;
  const names = cookieNames(isSecure);
  const begun = begunCookies(isSecure);

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
    if (ctx.accepts('html', 'json') !== 'html') tellProgram(ctx, locale, place);
    else {
      if (source === 'browser' || source === 'default') deps.learn(ctx, locale);
      await showWaiting(ctx, place, { ...deps, locale });
    }
  };
}

/** What shows that something was begun: an activation, a recovery, a sign-in. */
export function begunCookies(isSecure: boolean): readonly string[] {
  const { attempt, recovery } = cookieNames(isSecure);
  return [attempt, recovery, isSecure ? '__Host-session' : 'session'];
}

function isBeginning(ctx: PageContext): boolean {
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return false;
  const path = ctx.path.toLowerCase().replace(/(?<=.)\/$/, '');
  // A broken address has a page of its own.
  return BEGINNINGS.has(path) && !isSilent(path, ctx) && !ctx.url.includes('%00');
}

/** Asked without a page (OpenID Connect Core 3.1.2.1): the answer is one redirect. */
function isSilent(path: string, { query }: PageContext): boolean {
  return path === '/authorize' && query['prompt'] === 'none';
}

/** 503, so that no program takes it for the page it asked for; `no-store`, so that no cache gives it to somebody else. */
function tellToWait(ctx: PageContext, place: Place): void {
  ctx.state.route = 'waiting_room';
  ctx.status = 503;
  ctx.set('Retry-After', String(checkAfterSeconds(place)));
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Accept');
}

function tellProgram(ctx: PageContext, locale: Locale, place: Place): void {
  tellToWait(ctx, place);
  const t = translator(locale);
  const [title, detail] = [t('waiting_room.title'), t('waiting_room.for_programs')];
  ctx.type = 'application/problem+json';
  ctx.body = JSON.stringify({ type: 'urn:dinhdanh:problem:waiting', title, status: 503, detail, code: 'waiting' });
}

async function showWaiting(
  ctx: PageContext,
  place: Place,
  { locale, pages, clock }: { locale: Locale; pages: WaitingPages; clock: Clock },
): Promise<void> {
  tellToWait(ctx, place);
  ctx.type = 'html';
  ctx.set('Content-Language', locale);
  ctx.vary('Accept-Language');
  await pages.ready;
  const text = pages.text(locale, place, clock(), {
    nonce: ctx.state.nonce,
    vi: escapeHtml(languageHref(ctx, 'vi')),
    en: escapeHtml(languageHref(ctx, 'en')),
    action: escapeHtml(ctx.path),
    fields: hiddenFields(new URLSearchParams(ctx.querystring)),
  });
  ctx.body = Buffer.from(text ?? '', 'latin1');
}

function showPlace(
  ctx: PageContext,
  { waitingRoom, config, clock }: WaitingRoomGateDeps,
  ticket: string | undefined,
): void {
  ctx.state.route = 'waiting_room_place';
  const { locale } = chooseLocale(ctx, cookieNames(config.isSecure).locale);
  const place = waitingRoom.isOpen() && ticket !== undefined ? waitingRoom.placeOf(ticket) : 'turn';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = placeBody(locale, place ?? 'turn', clock());
}
