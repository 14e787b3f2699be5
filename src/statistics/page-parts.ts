import type { AccessModel } from '../../views/statistics/access-note.ts';
import type { FilterModel } from '../../views/statistics/filter-form.ts';
import { calendarDateText } from '../i18n/dates.ts';
import { type Locale, translator } from '../i18n/translator.ts';
import { type ActivationRates, IS_SPLIT_BY_LEVEL, type PublishedRateId } from './activation-rates.ts';
import { figureModel } from './figure-model.ts';
import { basisText, levelText, loadedBasis, momentText, rateTexts } from './rate-texts.ts';
import type { Filter } from './read-query.ts';
import type { Access } from './viewer.ts';

/** What every page of statistics is made from. */
export type Page = {
  readonly locale: Locale;
  readonly rates: ActivationRates;
  readonly filter: Filter;
  readonly access: Access;
};

/** Nothing reads it: an address of its own for what a cookie opened, so that no browser takes the public answer it kept for it. */
export function cacheKey({ access }: Page): Readonly<Record<string, string>> {
  return access.isByCookie ? { view: access.viewer.kind } : {};
}

export function asOfText({ locale, rates, filter }: Page): string {
  const t = translator(locale);
  const geography = t(`statistics.geography.${rates.units.geography}`);
  const level = levelText(t, undefined, filter.accountLevel);
  const at = momentText(locale, rates.moment);
  if (rates.moment.knownOn !== undefined) {
    const known = calendarDateText(locale, rates.moment.knownOn);
    return t('statistics.as_of_known', { day: at, known, geography, level });
  }
  return rates.moment.isDayOver
    ? t('statistics.as_of_day', { day: at, geography, level })
    : t('statistics.as_of_now', { time: at, geography, level });
}

export function filterModel(action: string, { asOfDay, accountLevel }: Filter): FilterModel {
  return { action, asOfDay: asOfDay ?? '', accountLevel: accountLevel === undefined ? '' : `${accountLevel}` };
}

export function rateModel({ locale, rates, filter }: Page, id: PublishedRateId) {
  const t = translator(locale);
  const figure = figureModel(t, locale, rates.whole[id]);
  const basis = basisText(t, locale, loadedBasis(id, rates));
  const isOverAllLevels = filter.accountLevel !== undefined && !IS_SPLIT_BY_LEVEL[id];
  const remarks = [
    ...(basis === undefined ? [] : [basis]),
    ...(isOverAllLevels ? [t('statistics.all_levels_only')] : []),
    ...(figure.kind === 'no_basis' ? [t('statistics.no_basis_help')] : []),
  ];
  return { ...rateTexts(t, id), figure, remark: remarks.length === 0 ? undefined : remarks.join(' ') };
}

export function accessModel({ access }: Page): AccessModel {
  return { view: access.viewer.kind, canLeave: access.isByCookie };
}
