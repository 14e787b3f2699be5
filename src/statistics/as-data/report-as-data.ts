import { stringify } from 'csv-stringify/sync';
import type { SheetData } from 'write-excel-file/node';
import { LATE_BANDS } from '../../domain/late-backlog.ts';
import { RATE_DEFINITIONS, ROUNDING_RULE } from '../../domain/rate.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import { type Figure, PUBLISHED_RATES } from '../figures/activation-rates.ts';
import type { PeriodReport } from '../figures/period-report.ts';
import { channelName, figureText, rateTexts, unitName } from '../pages/rate-texts.ts';
import { changeText, placeText, reportTitle } from '../pages/report-texts.ts';
import { inEachLanguage, momentFields } from './data-fields.ts';
import { figureFields, figuresById } from './rates-as-data.ts';

export function reportAsJson(report: PeriodReport): object {
  const { period, viewer, unit, isOver, rates, figures, figuresBefore, activity, units, channels, backlog } = report;
  return {
    view: viewer.kind,
    title: inEachLanguage((locale) => reportTitle(locale, period)),
    period: { kind: period.kind, from: period.from, to: period.to, compared_with: period.before, is_over: isOver },
    unit_code: unit?.code ?? null,
    unit_name: inEachLanguage((locale) => placeText(locale, report)),
    ...momentFields(rates.moment),
    rounding: ROUNDING_RULE,
    rates: PUBLISHED_RATES.map((id) => ({
      id,
      numerator_rule: RATE_DEFINITIONS[id].numeratorRule,
      denominator_basis: RATE_DEFINITIONS[id].denominatorBasis,
      at_end: figureFields(figures[id]),
      before: figuresBefore === undefined ? null : figureFields(figuresBefore[id]),
      change: inEachLanguage((locale) => changeText(locale, report, id)),
    })),
    activity: activity.map(({ measure, total, byLevel }) => ({
      measure,
      total,
      level_1: byLevel?.[1] ?? null,
      level_2: byLevel?.[2] ?? null,
    })),
    units: units.map((row) => ({
      unit_code: row.code,
      activated: row.activated ?? null,
      rates: figuresById(row.figures),
    })),
    channels: (channels?.rows ?? []).map(({ channel, figure }) => ({
      channel: channel === '' ? null : channel,
      ...figureFields(figure),
    })),
    late_backlog: backlog?.counts ?? null,
  };
}

type Line = {
  readonly section: string;
  readonly item: string;
  readonly text: string;
  readonly unit_code: string;
  readonly unit_name: string;
  readonly count: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly percent: string | null;
  readonly change: string | null;
};

const NO_FIGURE = { count: null, numerator: null, denominator: null, percent: null, change: null } as const;

/** One line a figure, each with all that it means: what a spreadsheet can filter. */
function reportLines(locale: Locale, report: PeriodReport): Line[] {
  const t = translator(locale);
  const { figures, figuresBefore, activity, units, channels, backlog, unit } = report;
  const place = { unit_code: unit?.code ?? '01', unit_name: placeText(locale, report) };
  const figureOf = (figure: Figure) => ({ ...NO_FIGURE, ...numbersOf(figure), percent: figureText(t, locale, figure) });
  const rateName = (id: (typeof PUBLISHED_RATES)[number]): string => rateTexts(t, id).name;
  return [
    ...PUBLISHED_RATES.flatMap((id) => [
      {
        section: 'rate',
        item: id,
        text: rateName(id),
        ...place,
        ...figureOf(figures[id]),
        change: changeText(locale, report, id),
      },
      ...(figuresBefore === undefined
        ? []
        : [{ section: 'rate_before', item: id, text: rateName(id), ...place, ...figureOf(figuresBefore[id]) }]),
    ]),
    ...activity.map(({ measure, total }) => ({
      ...place,
      ...NO_FIGURE,
      section: 'activity',
      item: measure,
      text: t(`report.measure_${measure}`),
      count: total,
    })),
    ...(channels?.rows ?? []).map(({ channel, figure }) => ({
      ...place,
      ...figureOf(figure),
      section: 'channel',
      item: channel,
      text: channelName(t, channel),
    })),
    ...(backlog === undefined ? [] : LATE_BANDS).map((band) => ({
      ...place,
      ...NO_FIGURE,
      section: 'late',
      item: band,
      text: t(`report.band_${band}`),
      count: backlog?.counts[band] ?? null,
    })),
    ...units.flatMap((row) => {
      const at = { unit_code: row.code, unit_name: unitName(t, row) };
      return [
        ...PUBLISHED_RATES.map((id) => ({
          section: 'unit_rate',
          item: id,
          text: rateName(id),
          ...at,
          ...figureOf(row.figures[id]),
        })),
        ...(row.activated === undefined
          ? []
          : [
              {
                section: 'unit_activity',
                item: 'activated',
                text: t('report.activated_in_period'),
                ...at,
                ...NO_FIGURE,
                count: row.activated,
              },
            ]),
      ];
    }),
  ];
}

function numbersOf(figure: Figure): { numerator: number | null; denominator: number | null } {
  return {
    numerator: figure.kind === 'suppressed' ? null : figure.numerator,
    denominator: figure.kind === 'shown' ? figure.denominator : null,
  };
}

/** Formulas are escaped, and the file begins with a byte order mark: it will be opened in a spreadsheet. */
export function reportAsCsv(locale: Locale, report: PeriodReport): string {
  const { period, viewer, rates } = report;
  const told = {
    period: period.kind,
    from: period.from,
    to: period.to,
    as_of: rates.moment.asOf.toISOString(),
    known_on: rates.moment.knownOn ?? null,
    view: viewer.kind,
  };
  const lines = reportLines(locale, report).map((line) => ({ ...told, ...line }));
  return stringify(lines, { header: true, bom: true, escape_formulas: true });
}

/** A sheet of what it is, and one for each part; numbers are numbers, text is never a formula. */
export async function reportAsXlsx(locale: Locale, report: PeriodReport): Promise<Buffer> {
  const t = translator(locale);
  const lines = reportLines(locale, report);
  const heading = (texts: readonly string[]) =>
    texts.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const text = (value: string | null) => (value === null || value === '' ? null : { value, type: String });
  const number = (value: number | null) => (value === null ? null : { value, type: Number, format: '#,##0' });
  const sheet = (name: string, sections: readonly string[]) => ({
    sheet: name,
    stickyRowsCount: 1,
    columns: [{ width: 24 }, { width: 44 }, { width: 14 }, { width: 14 }, { width: 14 }, { width: 14 }, { width: 18 }],
    data: [
      heading([
        t('report.unit'),
        t('report.measure'),
        t('report.total'),
        t('report.numerator'),
        t('report.denominator'),
        t('report.percent'),
        t('report.change'),
      ]),
      ...lines
        .filter(({ section }) => sections.includes(section))
        .map((line) => [
          text(line.unit_name),
          text(line.text),
          number(line.count),
          number(line.numerator),
          number(line.denominator),
          text(line.percent),
          text(line.change),
        ]),
    ] as SheetData,
  });
  const sheets = [
    { sheet: t('report.sheet_report'), columns: [{ width: 36 }, { width: 90 }], data: coverSheet(locale, report) },
    sheet(t('report.rates'), ['rate']),
    sheet(t('report.before'), ['rate_before']),
    sheet(t('report.activity'), ['activity', 'late']),
    sheet(t('statistics.channels_title'), ['channel']),
    ...(report.units.length === 0 ? [] : [sheet(t('report.units'), ['unit_rate', 'unit_activity'])]),
  ];
  // Loaded when somebody asks for a workbook: a start pays for every module.
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return writeXlsxFile(sheets).toBuffer();
}

function coverSheet(locale: Locale, report: PeriodReport): SheetData {
  const t = translator(locale);
  const row = (name: string, value: string) => [
    { value: name, type: String, fontWeight: 'bold' as const },
    { value, type: String, wrap: true },
  ];
  return [
    row(reportTitle(locale, report.period), placeText(locale, report)),
    row(t('report.at_end'), report.rates.moment.asOf.toISOString()),
    row('view', report.viewer.kind),
    row(t('statistics.rounding'), ROUNDING_RULE),
    ...PUBLISHED_RATES.map((id) => {
      const { name, numerator, denominator, unitRule } = rateTexts(t, id);
      return row(name, t('report.definition_line', { numerator, denominator, unitRule }));
    }),
  ];
}
