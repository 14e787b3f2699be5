import { WAITING_SLOTS, type WaitingSlot, waitingPage } from '../../views/waiting-room/waiting-page.ts';
import { timeText } from '../i18n/dates.ts';
import { LOCALES, type Locale, translator } from '../i18n/translator.ts';
import type { Assets } from '../web/assets.ts';
import { type PageTemplate, pageTemplate } from '../web/page-template.ts';
import type { Place } from './waiting-room.ts';

export const PLACE_ADDRESS = '/waiting-room/place';
const CHECK_AFTER_SECONDS = { least: 2, short: 10, most: 120 };

export type WaitingAnswerDeps = {
  readonly config: { readonly isSandbox: boolean; readonly hotline: string };
  readonly assets: Assets;
};

/** Escaped where they come from outside. */
export type WaitingValues = Readonly<Record<Exclude<WaitingSlot, 'place' | 'time'>, string>>;

export type WaitingPages = {
  /** A moment after the start. */
  ready: Promise<unknown>;
  /** The page's text, of which each character is a byte: what is the same for everybody is made once. @returns undefined until it is ready. */
  text(locale: Locale, place: Place, now: Date, values: WaitingValues): string | undefined;
};

export function waitingPages(deps: WaitingAnswerDeps): WaitingPages {
  const templates = new Map<Locale, PageTemplate<WaitingSlot>>();
  return {
    ready: Promise.all(LOCALES.map(async (locale) => templates.set(locale, await templateOf(locale, deps)))),
    text: (locale, place, now, values) =>
      templates.get(locale)?.({
        ...values,
        fields: asBytes(values.fields),
        place: asBytes(placeText(locale, place)),
        time: clockText(locale, now),
      }),
  };
}

/** For the page's script. What it says is only for her: it tells nothing of others. */
export function placeBody(locale: Locale, place: Place | 'turn', now: Date): object {
  const t = translator(locale);
  const isTurn = place === 'turn';
  return {
    isTurn,
    text: isTurn ? t('waiting_room.turn') : placeText(locale, place),
    asOf: t('waiting_room.as_of', { time: clockText(locale, now) }),
    checkAfterSeconds: isTurn ? CHECK_AFTER_SECONDS.most : checkAfterSeconds(place),
  };
}

/** When the turn is near: when it comes, or places would stand empty. Before that the more seldom the longer the line is: a hundred thousand pages must not
 *  ask every second. */
export function checkAfterSeconds({ waitSeconds }: Place): number {
  const { least, short, most } = CHECK_AFTER_SECONDS;
  if (waitSeconds <= short) return Math.max(least, waitSeconds);
  return Math.min(most, Math.max(short, Math.ceil(0.6 * waitSeconds)));
}

/** There are some hundred of them: a line is three hours long at most. */
const placeTexts = new Map<string, string>();

function placeText(locale: Locale, { waitSeconds, isGuess }: Place): string {
  const wholeMinutes = waitSeconds < 60 ? 0 : Math.ceil(waitSeconds / 60);
  const minutes = isGuess ? undefined : wholeMinutes;
  const key = `${locale} ${minutes}`;
  const known = placeTexts.get(key);
  if (known !== undefined) return known;
  const text = placeTextOf(locale, minutes);
  placeTexts.set(key, text);
  return text;
}

function placeTextOf(locale: Locale, minutes: number | undefined): string {
  const t = translator(locale);
  if (minutes === undefined) return t('waiting_room.cannot_tell');
  return minutes === 0 ? t('waiting_room.soon') : t('waiting_room.minutes', { minutes });
}

/** The last of each language: within a minute all are the same, and to format one costs as much as a small answer. */
const clocks = new Map<Locale, { minute: number; text: string }>();

function clockText(locale: Locale, now: Date): string {
  const minute = Math.floor(now.getTime() / 60_000);
  const known = clocks.get(locale);
  if (known?.minute === minute) return known.text;
  const text = timeText(locale, now);
  clocks.set(locale, { minute, text });
  return text;
}

/** The page of each language is rendered once; a visitor's differs in a few places. */
function templateOf(locale: Locale, { config, assets }: WaitingAnswerDeps): Promise<PageTemplate<WaitingSlot>> {
  return pageTemplate(WAITING_SLOTS, async (slots) => {
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
    const page = waitingPage(chrome, { script, placeHref: `${PLACE_ADDRESS}?lang=${locale}`, slots });
    return asBytes(String(await page));
  });
}

/** Of UTF-8, as Node writes them by `latin1`. */
function asBytes(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text).toString('latin1');
}

const ASCII = /^[\x20-\x7e]*$/;
