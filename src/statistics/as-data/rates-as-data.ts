import { stringify } from 'csv-stringify/sync';
import { HANOI_CODE } from '../../domain/place.ts';
import { RATE_DEFINITIONS, ROUNDING_RULE } from '../../domain/rate.ts';
import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import { endOfVietNamDay } from '../../domain/viet-nam-time.ts';
import { translator } from '../../i18n/translator.ts';
import {
  type ActivationRates,
  type Figure,
  type Figures,
  IS_SPLIT_BY_LEVEL,
  type Moment,
  PUBLISHED_RATES,
  type PublishedRateId,
  type UnitFigures,
  unitRuleOf,
} from '../figures/activation-rates.ts';
import type { ChannelShares } from '../figures/channel-shares.ts';
import type { LateBacklog } from '../figures/late-backlog.ts';
import { type ResidentsByAgeAndSex, residentsAsJson } from '../figures/residents-by-age-and-sex.ts';
import type { TimeToActivate } from '../figures/time-to-activate.ts';
import { channelName, figureText, loadedBasis, rateTexts, unitName } from '../pages/rate-texts.ts';
import type { Denominator } from '../stores/denominator-store.ts';
import { inEachLanguage, momentFields, type Texts } from './data-fields.ts';
import { backlogAsJson, waitsAsJson } from './delays-as-data.ts';

/** The answer of `/statistics/activation.json`. */
export function ratesAsJson(
  rates: ActivationRates,
  {
    channels,
    backlog,
    waits,
    residents,
  }: { channels: ChannelShares; backlog: LateBacklog; waits: TimeToActivate; residents: ResidentsByAgeAndSex },
): object {
  const { viewer, accountLevel, moment, units } = rates;
  return {
    view: viewer.kind,
    ...momentFields(moment),
    account_level: accountLevel ?? null,
    // Where the birthdays of the last days, or people of an older database, are not counted yet.
    residents: { ages_on: rates.persons.agesOn, is_complete: rates.persons.isComplete },
    rounding: ROUNDING_RULE,
    suppressed_below: viewer.kind === 'full' ? null : LEAST_PUBLIC_COUNT,
    rates: PUBLISHED_RATES.map((id) => ({
      ...definitionFields(id, rates),
      ...figureFields(rates.whole[id]),
    })),
    channels: {
      ...momentFields(channels.moment),
      unit_code: channels.unitCode ?? null,
      account_level: channels.accountLevel ?? null,
      activations: channels.activations,
      rows: channels.rows.map(({ channel, isAssisted, figure, asOfDay }) => ({
        channel: channel === '' ? null : channel,
        channel_name: inEachLanguage((locale) => channelName(translator(locale), channel)),
        is_assisted: isAssisted,
        as_of_day: asOfDay ?? channels.moment.day,
        ...figureFields(figure),
      })),
    },
    late_backlog: backlogAsJson(backlog),
    time_to_activate: waitsAsJson(waits),
    residents_by_age_and_sex: residentsAsJson(residents),
    units: {
      ...momentFields(units.moment),
      geography: units.geography,
      geography_name: inEachLanguage((locale) => translator(locale)(`statistics.geography.${units.geography}`)),
      whole: figuresById(units.whole),
      rows: units.rows.map((row) => ({
        unit_code: row.code,
        unit_name: inEachLanguage((locale) => unitName(translator(locale), row)),
        valid_to: row.unit?.validTo ?? null,
        as_of_day: row.day,
        rates: figuresById(row.figures),
      })),
    },
  };
}

function definitionFields(id: PublishedRateId, rates: ActivationRates): object {
  const { accountLevel, units } = rates;
  const { numeratorRule, denominatorBasis, mayExceedHundred } = RATE_DEFINITIONS[id];
  const basis = loadedBasis(id, rates);
  const texts = (pick: 'name' | 'numerator' | 'denominator' | 'unitRule'): Texts =>
    inEachLanguage((locale) => rateTexts(translator(locale), id)[pick]);
  return {
    id,
    name: texts('name'),
    numerator_rule: numeratorRule,
    numerator_text: texts('numerator'),
    denominator_basis: denominatorBasis,
    denominator_text: texts('denominator'),
    unit_rule: unitRuleOf(id),
    unit_rule_text: texts('unitRule'),
    age_min: basis === undefined || basis.ageMin === 0 ? null : basis.ageMin,
    numerator_age_min: numeratorAgeMin(id, rates),
    account_level: IS_SPLIT_BY_LEVEL[id] ? (accountLevel ?? null) : null,
    geography: units.geography,
    may_exceed_hundred: mayExceedHundred,
    basis: basisFields(basis),
  };
}

/** Least age of the persons counted; null for grants, and for persons of every age. */
function numeratorAgeMin(id: PublishedRateId, { persons }: ActivationRates): number | null {
  if (unitRuleOf(id) === 'at_event') return null;
  return (id === 'activation_of_target' ? persons.targetAgeMin : persons.ageMin) || null;
}

/** Where a loaded denominator comes from; null for one that is counted here, or not loaded. */
function basisFields(basis: Denominator | undefined): object | null {
  if (basis === undefined) return null;
  const { quantity, asOfOn, ageMin, source, version, reason, recordedAt } = basis;
  return {
    quantity,
    as_of_on: asOfOn,
    age_min: ageMin === 0 ? null : ageMin,
    source,
    version,
    correction_reason: reason ?? null,
    recorded_at: recordedAt.toISOString(),
  };
}

export function figuresById(figures: Figures): object {
  return Object.fromEntries(PUBLISHED_RATES.map((id) => [id, figureFields(figures[id])]));
}

/** What is not published or not loaded is null, never zero. */
export function figureFields(figure: Figure): object {
  return {
    status: figure.kind,
    numerator: figure.kind === 'suppressed' ? null : figure.numerator,
    denominator: figure.kind === 'shown' ? figure.denominator : null,
    percent: inEachLanguage((locale) => figureText(translator(locale), locale, figure)),
  };
}

/** The answer of `/statistics/activation.csv`: one line a rate and unit, the whole first. Each line says what it means by itself. Formulas are escaped and the file
 *  begins with a byte order mark, because it will be opened in a spreadsheet. */
export function ratesAsCsv(rates: ActivationRates): string {
  return stringify([...ratesAsLines(rates)], { header: true, bom: true, escape_formulas: true });
}

/** The lines of that file. */
export function ratesAsLines(rates: ActivationRates): readonly Record<string, string | number | null>[] {
  const { units } = rates;
  return [
    ...linesOf(rates, rates.moment, rates.whole, { code: HANOI_CODE, name: translator('vi')('statistics.whole') }),
    ...units.rows.flatMap((row) =>
      linesOf(rates, rowMoment(units.moment, row), row.figures, {
        code: row.code,
        name: unitName(translator('vi'), row),
      }),
    ),
  ];
}

function rowMoment(moment: Moment, { day }: UnitFigures): Moment {
  return day === moment.day ? moment : { ...moment, day, asOf: endOfVietNamDay(day) };
}

function linesOf(
  { accountLevel, units, viewer }: ActivationRates,
  moment: Moment,
  figures: Figures,
  place: { code: string; name: string },
): Record<string, string | number | null>[] {
  return PUBLISHED_RATES.map((id) => {
    const figure = figures[id];
    const { numeratorRule, denominatorBasis } = RATE_DEFINITIONS[id];
    const [vi, en] = [rateTexts(translator('vi'), id), rateTexts(translator('en'), id)];
    return {
      rate: id,
      unit_code: place.code,
      unit_name: place.name,
      as_of: moment.asOf.toISOString(),
      known_on: moment.knownOn ?? null,
      account_level: IS_SPLIT_BY_LEVEL[id] ? (accountLevel ?? null) : null,
      status: figure.kind,
      numerator: figure.kind === 'suppressed' ? null : figure.numerator,
      denominator: figure.kind === 'shown' ? figure.denominator : null,
      percent_vi: figureText(translator('vi'), 'vi', figure),
      percent_en: figureText(translator('en'), 'en', figure),
      view: viewer.kind,
      geography: units.geography,
      unit_rule: unitRuleOf(id),
      numerator_rule: numeratorRule,
      denominator_basis: denominatorBasis,
      numerator_text_vi: vi.numerator,
      numerator_text_en: en.numerator,
      denominator_text_vi: vi.denominator,
      denominator_text_en: en.denominator,
    };
  });
}
