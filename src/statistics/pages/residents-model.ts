import type { ChartModel } from '../../../views/statistics/charts/chart.ts';
import type { ResidentsModel } from '../../../views/statistics/residents-section.ts';
import { AGE_BANDS, type AgeBand } from '../../domain/birth-date.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { ResidentsByAgeAndSex, ResidentsRow } from '../figures/residents-by-age-and-sex.ts';
import { lastSeenText, momentText } from './rate-texts.ts';

const SEXES = ['female', 'male'] as const;

export function residentsModel(locale: Locale, residents: ResidentsByAgeAndSex): ResidentsModel {
  const t = translator(locale);
  const { moment, counted } = residents;
  return {
    caption: t('dashboard.ages_caption', { time: momentText(locale, moment) }),
    isMonthly: residents.isMonthly,
    remarks: [
      ...(counted.agesOn < moment.day
        ? [t('dashboard.ages_of', { day: calendarDateText(locale, counted.agesOn) })]
        : []),
      ...(counted.isComplete ? [] : [t('dashboard.ages_incomplete')]),
    ],
    rows: AGE_BANDS.map((band) => {
      const both = rowOf(residents, band, undefined);
      return [
        bandText(t, band),
        countText(locale, rowOf(residents, band, 'female'), 'activated'),
        countText(locale, rowOf(residents, band, 'male'), 'activated'),
        countText(locale, both, 'activated'),
        countText(locale, both, 'usable'),
        shareText(locale, both),
      ];
    }),
  };
}

function rowOf(
  { rows }: ResidentsByAgeAndSex,
  band: AgeBand,
  gender: ResidentsRow['gender'],
): ResidentsRow | undefined {
  return rows.find((row) => row.band === band && row.gender === gender);
}

function countText(locale: Locale, row: ResidentsRow | undefined, measure: 'activated' | 'usable'): string {
  const count = row?.counts[measure] ?? undefined;
  if (count === undefined) return translator(locale)('statistics.not_published_sign');
  return lastSeenText(locale, integerText(count, locale), row?.asOfDay);
}

function shareText(locale: Locale, row: ResidentsRow | undefined): string {
  const activated = row?.counts.activated ?? undefined;
  if (activated === undefined || row?.residents === undefined) return '–';
  return percentText({ numerator: activated, denominator: row.residents }, locale);
}

function bandText(t: Translate, band: AgeBand): string {
  return t('dashboard.age_band', { band: band.replace('-', '–') });
}

/** Women and men of each age band who ever activated. */
export function agesChart(locale: Locale, residents: ResidentsByAgeAndSex): ChartModel {
  const t = translator(locale);
  const drawn = AGE_BANDS.filter((band) =>
    SEXES.some((sex) => (rowOf(residents, band, sex)?.counts.activated ?? 0) > 0),
  );
  const rows = drawn.map((band) => ({
    name: bandText(t, band),
    bars: SEXES.map((sex) => {
      const row = rowOf(residents, band, sex);
      return { value: row?.counts.activated ?? 0, text: countText(locale, row, 'activated') };
    }),
  }));
  const said = rows.map(({ name, bars: [female, male] }) => `${name}: ${female?.text ?? ''} / ${male?.text ?? ''}`);
  return {
    kind: 'bars',
    locale,
    measure: 'count',
    title: rows.length === 0 ? t('statistics.trend_alt_empty') : t('dashboard.ages_alt', { bands: said.join('; ') }),
    series: [
      { name: t('dashboard.female'), look: 'main' },
      { name: t('dashboard.male'), look: 'second' },
    ],
    rows,
  };
}
