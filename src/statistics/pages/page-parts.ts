import type { AccessModel } from '../../../views/statistics/access-note.ts';
import type { RateCardModel } from '../../../views/statistics/dashboard.ts';
import type { DefinitionModel } from '../../../views/statistics/definition.ts';
import type { FigureModel } from '../../../views/statistics/figure-cell.ts';
import type { FilterModel } from '../../../views/statistics/filter-form.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import {
  type ActivationRates,
  IS_SPLIT_BY_LEVEL,
  type PublishedRateId,
  unitRuleOf,
} from '../figures/activation-rates.ts';
import { RESIDENTS_AGE_MIN } from '../figures/resident-counts.ts';
import type { DashboardFilter, Filter } from '../read-query.ts';
import type { Access } from '../roles.ts';
import { figureModel } from './figure-model.ts';
import { basisText, levelText, loadedBasis, momentText, rateTexts } from './rate-texts.ts';

/** What every page of statistics is made from. */
export type Page = {
  readonly locale: Locale;
  readonly rates: ActivationRates;
  readonly filter: Filter;
  readonly access: Access;
};

/** Nothing reads it: an address of its own for what a cookie opened, so that no browser takes the public answer it kept for it. */
export function cacheKey({ access }: Pick<Page, 'access'>): Readonly<Record<string, string>> {
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

export function filterModel(
  action: string,
  { asOfDay, accountLevel, ...dashboard }: Filter & Partial<DashboardFilter>,
): FilterModel {
  return {
    action,
    asOfDay: asOfDay ?? '',
    accountLevel: accountLevel === undefined ? '' : `${accountLevel}`,
    ...(dashboard.range !== undefined && { range: dashboard.range, dueOnDay: dashboard.dueOnDay ?? '' }),
  };
}

export function rateModel({ locale, rates, filter }: Page, id: PublishedRateId) {
  const t = translator(locale);
  const figure = figureModel(t, locale, rates.whole[id]);
  const basis = basisText(t, locale, loadedBasis(id, rates));
  const remarks = [...(basis === undefined ? [] : [basis]), ...rateRemarks(t, filter, { id, figure, rates })];
  return { ...rateTexts(t, id), figure, remark: remarks.length === 0 ? undefined : remarks.join(' ') };
}

function rateRemarks(
  t: Translate,
  { accountLevel }: Filter,
  { id, figure, rates }: { id: PublishedRateId; figure: FigureModel; rates: ActivationRates },
): string[] {
  return [
    ...oneAgeRemark(t, id, rates),
    ...(accountLevel !== undefined && !IS_SPLIT_BY_LEVEL[id] ? [t('statistics.all_levels_only')] : []),
    ...(figure.kind === 'no_basis' ? [t('statistics.no_basis_help')] : []),
  ];
}

/** Why residents are not counted from the age that the law knows. */
function oneAgeRemark(t: Translate, id: PublishedRateId, { viewer, persons }: ActivationRates): string[] {
  const isOfResidents = unitRuleOf(id) === 'resident' && id !== 'activation_of_target';
  const { targetAgeMin } = persons;
  if (viewer.kind === 'full' || !isOfResidents || targetAgeMin === RESIDENTS_AGE_MIN) return [];
  const age = targetAgeMin === 0 ? t('statistics.basis_any_age') : t('statistics.basis_age', { age: targetAgeMin });
  return [t('statistics.one_age', { age })];
}

/** A rate of the whole with all that it means. */
export function rateCardModel({ locale, rates, filter }: Page, id: PublishedRateId): RateCardModel {
  const t = translator(locale);
  const figure = figureModel(t, locale, rates.whole[id]);
  const remarks = rateRemarks(t, filter, { id, figure, rates });
  return {
    figure,
    definition: definitionModel(locale, rates, { id, remark: remarks.length === 0 ? undefined : remarks.join(' ') }),
  };
}

export function definitionModel(
  locale: Locale,
  rates: ActivationRates,
  { id, remark }: { id: PublishedRateId; remark?: string | undefined },
): DefinitionModel {
  const t = translator(locale);
  const basis = loadedBasis(id, rates);
  return {
    ...rateTexts(t, id),
    source: basisText(t, locale, basis),
    age:
      basis === undefined || basis.ageMin === 0
        ? t('dashboard.definition_no_age')
        : t('dashboard.definition_age_of_basis', { age: t('statistics.basis_age', { age: basis.ageMin }) }),
    geography: t(`statistics.geography.${rates.units.geography}`),
    remark,
  };
}

export function accessModel({ access }: Page): AccessModel {
  return { view: access.viewer.kind, canLeave: access.isByCookie };
}
