import type { ComparisonPageModel, ComparisonTableModel } from '../../../views/statistics/comparison-page.ts';
import { fullUnitName, HANOI_CODE, KNOWN_UNITS } from '../../domain/place.ts';
import { pointsText, signedText } from '../../domain/rate-comparison.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { ComparisonQuery, ComparisonSide, RateComparison } from '../figures/compare-rates.ts';
import type { Access } from '../roles.ts';
import { figureModel } from './figure-model.ts';
import { cacheKey } from './page-parts.ts';
import { levelText, momentText, rateTexts } from './rate-texts.ts';

type Page = {
  readonly asked: Pick<ComparisonQuery, 'first' | 'second'> | undefined;
  readonly comparison: RateComparison | undefined;
  readonly access: Access;
};

export function comparisonPageModel(locale: Locale, { asked, comparison, access }: Page): ComparisonPageModel {
  const t = translator(locale);
  const chosen = asked === undefined ? NOTHING_CHOSEN : chosenOf(asked);
  const { unit, asOf, withUnit, withAsOf } = chosen;
  const level = comparison?.accountLevel;
  const query = new URLSearchParams({
    unit,
    as_of: asOf,
    with_unit: withUnit,
    with_as_of: withAsOf,
    ...(level === undefined ? {} : { account_level: String(level) }),
    ...cacheKey({ access }),
  });
  return {
    isPublic: access.viewer.kind === 'public',
    units: KNOWN_UNITS.map((one) => ({ value: one.code, text: optionText(t, one) })),
    chosen,
    table: comparison && comparisonTable(t, locale, comparison),
    jsonHref: `/statistics/compare.json?${query.toString()}`,
  };
}

const NOTHING_CHOSEN = { unit: HANOI_CODE, asOf: '', withUnit: '', withAsOf: '' };

function chosenOf({ first, second }: Pick<ComparisonQuery, 'first' | 'second'>): ComparisonPageModel['chosen'] {
  return {
    unit: first.unitCode,
    asOf: first.asOfDay ?? '',
    withUnit: second.unitCode === first.unitCode ? '' : second.unitCode,
    withAsOf: second.asOfDay === first.asOfDay ? '' : (second.asOfDay ?? ''),
  };
}

function optionText(t: Translate, unit: (typeof KNOWN_UNITS)[number]): string {
  if (unit.code === HANOI_CODE) return t('statistics.whole');
  return unit.validTo === undefined ? fullUnitName(unit) : `${fullUnitName(unit)} (${t('statistics.unit_former')})`;
}

export function comparisonTable(t: Translate, locale: Locale, comparison: RateComparison): ComparisonTableModel {
  const [first, second] = [sideText(t, locale, comparison.first), sideText(t, locale, comparison.second)];
  const level = levelText(t, undefined, comparison.accountLevel);
  return {
    caption: t('analysis.compare_caption', { first, second, level }),
    first,
    second,
    rows: comparison.rows.map((row) => ({
      name: rateTexts(t, row.id).name,
      first: figureModel(t, locale, row.first),
      second: figureModel(t, locale, row.second),
      ...differenceTexts(t, locale, row.comparison),
    })),
  };
}

function sideText(t: Translate, locale: Locale, { unit, moment }: ComparisonSide): string {
  const name = unit.code === HANOI_CODE ? t('statistics.whole') : fullUnitName(unit);
  return t('analysis.compare_side', { unit: name, day: momentText(locale, moment) });
}

function differenceTexts(
  t: Translate,
  locale: Locale,
  comparison: RateComparison['rows'][number]['comparison'],
): Pick<ComparisonTableModel['rows'][number], 'count' | 'points' | 'isComparable'> {
  if (comparison.kind === 'difference') {
    const { count, points } = comparison;
    return { count: signedText(count, locale), points: pointsText(points, locale), isComparable: true };
  }
  const why = comparison.obstacles.map((one) => t(`analysis.compare_obstacle.${one}`)).join('; ');
  return { count: '–', points: why, isComparable: false };
}
