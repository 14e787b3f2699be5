import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { escapeHtml } from '../../views/escape-html.ts';
import { hiddenFields } from '../../views/waiting-room/hidden-fields.ts';
import { isLocale, type Locale } from '../i18n/translator.ts';
import type { Clock } from '../platform/clock.ts';
import { newSecret } from '../platform/ids.ts';
import { cookieSigner } from '../web/cookie-signer.ts';
import { cookieNames } from '../web/cookies.ts';
import { learnedLocales } from '../web/learned-locales.ts';
import { firstSupported } from '../web/locale.ts';
import type { PageMiddleware } from '../web/page-context.ts';
import { type ProgramAnswer, sendProgramAnswer } from '../web/program-requests.ts';
import { pageFields } from '../web/security-headers.ts';
import { type WatchDeps, watchAnswer } from '../web/watch-answer.ts';
import type { LoadMeter } from './load-meter.ts';
import { BEGINNINGS, begunCookies, TICKET_SECONDS, waitingRoomGate } from './routes.ts';
import {
  checkAfterSeconds,
  PLACE_ADDRESS,
  placeBody,
  type WaitingAnswerDeps,
  type WaitingValues,
  waitingPages,
} from './waiting-answer.ts';
import type { Place, WaitingRoom } from './waiting-room.ts';

export type FrontDoorDeps = WaitingAnswerDeps &
  WatchDeps & {
    readonly config: {
      readonly issuer: string;
      readonly isSecure: boolean;
      readonly secrets: { readonly cookieKeys: readonly string[] };
    };
    readonly clock: Clock;
    readonly waitingRoom: WaitingRoom;
    readonly loadMeter: Pick<LoadMeter, 'watchPage'>;
  };

export type FrontDoor = {
  /** Among the pages' middlewares: judges whoever begins a visit. */
  gate: PageMiddleware;
  /** Ahead of them: answers who has to wait for certain, which is what a crowd asks again and again. @returns false when nothing was done. */
  answer: (request: IncomingMessage, response: ServerResponse) => boolean;
};

/** What the door knows by itself of a request: that it is a plain one, of somebody who has begun nothing. */
type Plain = {
  path: string;
  query: URLSearchParams;
  cookies: ReadonlyMap<string, string>;
};

/** As long in text as the gate's. */
const NONCE_BYTES = 18;

/** The waiting room's two ways of answering. Both say the same, header by header; the door costs a quarter of the gate, and leaves to it whatever is unusual, whoever
 *  may go in, and who shows something that would be used up by being looked at. */
export function frontDoor(deps: FrontDoorDeps): FrontDoor {
  const { waitingRoom, clock } = deps;
  const { isSecure } = deps.config;
  const names = cookieNames(isSecure);
  const judgedByGate = [names.waiting_pass, ...begunCookies(isSecure)];
  const pages = waitingPages(deps);
  const fieldsWith = pageFields(deps.config);
  const signer = cookieSigner(deps.config.secrets.cookieKeys);
  const learned = learnedLocales(tasteOf);

  /** @returns undefined for a cookie that is not signed with the newest key: the gate sees to it. */
  const ticketIn = (cookies: Plain['cookies']): string | undefined => {
    const ticket = cookies.get(names.waiting_ticket);
    const signature = cookies.get(`${names.waiting_ticket}.sig`);
    if (ticket === undefined || signature === undefined) return undefined;
    return signer.index(`${names.waiting_ticket}=${ticket}`, signature) === 0 ? ticket : undefined;
  };

  /** @returns undefined for who is not new, or may go in. */
  const placeOfNewcomer = (cookies: Plain['cookies']): { place: Place; fields: string[] } | undefined => {
    const isNew = !cookies.has(names.waiting_ticket) && !cookies.has(`${names.waiting_ticket}.sig`);
    if (!isNew || !waitingRoom.mustNewcomersWait()) return undefined;
    const ticket = waitingRoom.giveTicket();
    const cookie = `${names.waiting_ticket}=${ticket}`;
    const expires = new Date(clock().getTime() + TICKET_SECONDS * 1_000).toUTCString();
    const life = `; path=/; expires=${expires}; samesite=lax${isSecure ? '; secure' : ''}; httponly`;
    const signed = `${names.waiting_ticket}.sig=${signer.sign(cookie)}`;
    const place = waitingRoom.placeOf(ticket);
    return {
      place: place === undefined || place === 'turn' ? { waitSeconds: 0, isGuess: true } : place,
      fields: ['Set-Cookie', `${cookie}${life}`, 'Set-Cookie', `${signed}${life}`],
    };
  };

  const localeOf = ({ cookies, query }: Plain, headers: IncomingMessage['headers']): Locale | undefined => {
    const byHeaders = learned.of(headers);
    if (byHeaders === undefined) return undefined;
    const remembered = cookies.get(names.locale);
    if (isLocale(remembered)) return remembered;
    const asked = query.getAll('ui_locales');
    return (asked.length === 1 ? firstSupported(asked[0]) : undefined) ?? byHeaders;
  };

  const waiting = (plain: Plain, sent: IncomingMessage['headers'], nonce: string): ProgramAnswer | undefined => {
    const locale = localeOf(plain, sent);
    if (locale === undefined) return undefined;
    const ticket = ticketIn(plain.cookies);
    const kept = ticket === undefined ? undefined : waitingRoom.mustWait(ticket);
    const found = kept === undefined ? placeOfNewcomer(plain.cookies) : { place: kept, fields: [] };
    const body = found && pages.text(locale, found.place, clock(), valuesOf(plain, nonce));
    if (found === undefined || body === undefined) return undefined;
    const headers = {
      'Retry-After': String(checkAfterSeconds(found.place)),
      'Cache-Control': 'no-store',
      Vary: 'Accept, Accept-Language',
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': locale,
      'Content-Length': String(body.length),
    };
    return { status: 503, fields: [...Object.entries(headers).flat(), ...found.fields], body, isBytes: true };
  };

  /** Of somebody in line whose page asks. */
  const place = ({ query, cookies }: Plain): ProgramAnswer | undefined => {
    const locale = query.get('lang');
    const ticket = ticketIn(cookies);
    if (!isLocale(locale) || query.size !== 1 || ticket === undefined) return undefined;
    const body = JSON.stringify(placeBody(locale, waitingRoom.placeOf(ticket) ?? 'turn', clock()));
    const type = 'application/json; charset=utf-8';
    const length = String(Buffer.byteLength(body));
    return { status: 200, fields: ['Cache-Control', 'no-store', 'Content-Type', type, 'Content-Length', length], body };
  };

  const plainOf = ({ method, url = '', headers }: IncomingMessage): Plain | undefined => {
    if (method !== 'GET' || url.includes('%00')) return undefined;
    const queryAt = url.indexOf('?');
    const path = queryAt === -1 ? url : url.slice(0, queryAt);
    if (path !== PLACE_ADDRESS && !BEGINNINGS.has(path)) return undefined;
    const cookies = cookiesIn(headers.cookie);
    if (cookies === undefined || judgedByGate.some((name) => cookies.has(name))) return undefined;
    const query = new URLSearchParams(queryAt === -1 ? '' : url.slice(queryAt + 1));
    return { path, query, cookies };
  };

  return {
    gate: waitingRoomGate({ ...deps, pages, learn: ({ headers }, locale) => learned.learn(headers, locale) }),
    answer(request, response) {
      if (!waitingRoom.isOpen()) return false;
      const startedAt = performance.now();
      const plain = plainOf(request);
      if (plain === undefined) return false;
      const isPlace = plain.path === PLACE_ADDRESS;
      const isForGate = !isPlace && (plain.query.has('prompt') || plain.query.has('lang'));
      if (isForGate) return false;
      const nonce = newSecret(NONCE_BYTES);
      const answer = isPlace ? place(plain) : waiting(plain, request.headers, nonce);
      if (answer === undefined) return false;
      const route = isPlace ? 'waiting_room_place' : 'waiting_room';
      const requestId = watchAnswer(deps, request, response, { route, startedAt });
      if (!isPlace) deps.loadMeter.watchPage(response);
      const fields = [...fieldsWith(nonce), 'X-Request-Id', requestId, ...answer.fields];
      sendProgramAnswer(response, { ...answer, fields });
      return true;
    },
  };
}

/** `otherwise` for whom the door has nothing to say. */
export function behindTheDoor(door: FrontDoor, otherwise: RequestListener): RequestListener {
  return (request, response) => {
    if (!door.answer(request, response)) otherwise(request, response);
  };
}

function tasteOf(headers: IncomingMessage['headers']): string {
  return `${headers.accept ?? ''}\n${headers['accept-language'] ?? ''}`;
}

function valuesOf({ path, query }: Plain, nonce: string): WaitingValues {
  const asked = escapeHtml(query.toString());
  const here = asked === '' ? `${path}?` : `${path}?${asked}&amp;`;
  return { nonce, vi: `${here}lang=vi`, en: `${here}lang=en`, action: path, fields: hiddenFields(query) };
}

/** The first of each name, as the library reads them. @returns undefined when one is written in an unusual way. */
function cookiesIn(header = ''): Map<string, string> | undefined {
  const cookies = new Map<string, string>();
  for (const part of header.split(';')) {
    const [, name, value] = /^ *([^\s=]+)=(.*)$/.exec(part) ?? [];
    if (name === undefined || value === undefined || value.startsWith('"')) {
      if (part.trim() !== '') return undefined;
    } else if (!cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}
