import type { ActivationChannel } from '../../domain/activation.ts';
import { percentText, RATE_DEFINITIONS } from '../../domain/rate.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import { calendarDateText, instantText } from '../../i18n/dates.ts';
import { type Locale, type TextKey, type Translate, translator } from '../../i18n/translator.ts';
import {
  type ActivationRates,
  type Figure,
  IS_SPLIT_BY_LEVEL,
  type Moment,
  type PublishedRateId,
  type UnitFigures,
  unitRuleOf,
} from '../figures/activation-rates.ts';
import type { Denominator } from '../stores/denominator-store.ts';

/** What a rate means, in words. */
export type RateTexts = {
  readonly name: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly unitRule: string;
};

export function rateTexts(t: Translate, id: PublishedRateId): RateTexts {
  const { numeratorRule, denominatorBasis } = RATE_DEFINITIONS[id];
  return {
    name: t(`statistics.rate.${id}`),
    numerator: t(`statistics.numerator.${numeratorRule}`),
    denominator: t(`statistics.basis.${denominatorBasis}`),
    unitRule: t(`statistics.unit_rule.${unitRuleOf(id)}`),
  };
}

/** The record that the whole of this rate is divided by, where its denominator is counted elsewhere. */
export function loadedBasis(id: PublishedRateId, { bases }: Pick<ActivationRates, 'bases'>): Denominator | undefined {
  const { denominatorBasis } = RATE_DEFINITIONS[id];
  const isLoaded = denominatorBasis === 'eligible_residents' || denominatorBasis === 'assigned_target';
  return isLoaded ? bases[denominatorBasis] : undefined;
}

/** Which number it is, of which day and age, and who says so; undefined where nothing was loaded. */
export function basisText(t: Translate, locale: Locale, basis: Denominator | undefined): string | undefined {
  if (basis === undefined) return undefined;
  const age = basis.ageMin === 0 ? t('statistics.basis_any_age') : t('statistics.basis_age', { age: basis.ageMin });
  const day = calendarDateText(locale, basis.asOfOn);
  return t('statistics.basis_source', { day, age, source: basis.source, version: basis.version });
}

/** `67,8%`, or in words why there is none. */
export function figureText(t: Translate, locale: Locale, figure: Figure): string {
  switch (figure.kind) {
    case 'suppressed':
      return t('statistics.not_published');
    case 'no_basis':
      return t('statistics.no_basis');
    case 'shown':
      return percentText(figure, locale);
  }
}

/** With the day as of which it is, where the public last saw it earlier than the table says. */
export function lastSeenText(locale: Locale, text: string, asOfDay: CalendarDate | undefined): string {
  return asOfDay === undefined
    ? text
    : translator(locale)('statistics.last_seen', { text, day: calendarDateText(locale, asOfDay) });
}

export function channelName(t: Translate, channel: ActivationChannel | ''): string {
  return t(`statistics.channel.${channel === '' ? 'unknown' : channel}`);
}

export function unitName(t: Translate, { code, unit }: Pick<UnitFigures, 'code' | 'unit'>): string {
  if (unit !== undefined) return `${unit.type.charAt(0).toUpperCase()}${unit.type.slice(1)} ${unit.name}`;
  return code === '' ? t('statistics.unit_none') : t('statistics.unit_unlisted', { code });
}

export function levelText(t: Translate, id: PublishedRateId | undefined, level: 1 | 2 | undefined): string {
  const isSplit = id === undefined || IS_SPLIT_BY_LEVEL[id];
  const key: TextKey = level === undefined || !isSplit ? 'statistics.level_all' : `statistics.level_${level}`;
  return t(key);
}

/** `09:41 22/11/2026` while the day lasts, else the day. */
export function momentText(locale: Locale, { isDayOver, asOf, day }: Moment): string {
  return isDayOver ? calendarDateText(locale, day) : instantText(locale, asOf);
}
