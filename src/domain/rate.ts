import type { AccountLevel } from './assurance.ts';
import type { Geography } from './place.ts';

/** What a count in a numerator counts. Text: i18n key `statistics.numerator.<rule>`. */
export type NumeratorRule =
  | 'residents_ever_activated'
  | 'grants_ever_activated'
  | 'residents_activated_and_signed_in'
  | 'grants_activated_by_first_due_date'
  | 'applications_taken_in'
  | 'persons_activated_at_level_2'
  | 'grants_late'
  | 'attempts_past_step'
  | 'days_from_notice_to_activation'
  | 'activations_through_channel'
  | 'subjects_seen_by_relying_party'
  | 'dossiers_through_e_identity';

/** What a denominator counts, or why there is none. Text: i18n key `statistics.basis.<basis>`.
 *  `unknown`: a published figure whose denominator was not published. */
export type DenominatorBasis =
  | 'eligible_residents'
  | 'assigned_target'
  | 'grants_notified'
  | 'grants_past_first_due_date'
  | 'persons_activated'
  | 'attempts_at_step'
  | 'activations'
  | 'dossiers'
  | 'accounts_taken_in'
  | 'none'
  | 'unknown';

/** Where a fact is counted: in the unit in which it happened, or in the person's unit at `asOf`. */
export type RatePlacement = 'at_event' | 'resident';

export type RateDefinition = {
  readonly measure: 'ratio' | 'count' | 'quantiles';
  readonly numeratorRule: NumeratorRule;
  readonly denominatorBasis: DenominatorBasis;
  readonly placement: RatePlacement;
  /** Whether a value above 100% is possible and right (a target surpassed). Never clamped. */
  readonly mayExceedHundred: boolean;
};

/** Every rate the system publishes, by id. Names and explanations: i18n keys `statistics.rate.<id>`. */
export const RATE_DEFINITIONS = {
  activation_of_population: ratio('residents_ever_activated', 'eligible_residents', 'resident'),
  activation_of_target: { ...ratio('residents_ever_activated', 'assigned_target', 'resident'), mayExceedHundred: true },
  activation_of_granted: ratio('grants_ever_activated', 'grants_notified', 'at_event'),
  activated_and_used: ratio('residents_activated_and_signed_in', 'eligible_residents', 'resident'),
  on_time: ratio('grants_activated_by_first_due_date', 'grants_past_first_due_date', 'at_event'),
  intake: { ...ratio('applications_taken_in', 'assigned_target', 'at_event'), mayExceedHundred: true },
  level2_share: ratio('persons_activated_at_level_2', 'persons_activated', 'resident'),
  late_backlog: { ...ratio('grants_late', 'none', 'at_event'), measure: 'count' },
  funnel: ratio('attempts_past_step', 'attempts_at_step', 'at_event'),
  time_to_activate: { ...ratio('days_from_notice_to_activation', 'none', 'at_event'), measure: 'quantiles' },
  assisted_share: ratio('activations_through_channel', 'activations', 'at_event'),
  rp_reach: ratio('subjects_seen_by_relying_party', 'persons_activated', 'resident'),
  rp_channel_share: ratio('dossiers_through_e_identity', 'dossiers', 'at_event'),
} as const satisfies Record<string, RateDefinition>;

export type RateId = keyof typeof RATE_DEFINITIONS;

/** The numbers of a rate; whole, never negative. */
export type Ratio = {
  readonly numerator: number;
  /** Undefined while no basis is loaded, or when none was published. */
  readonly denominator: number | undefined;
  /** A percent published without its denominator, as a plain decimal ("25.57"): shown as it was, never recomputed. */
  readonly publishedPercent?: string;
};

/** One figure with everything needed to say what it means. Percent is presentation and not a part of it. */
export type Rate = Ratio & {
  readonly id: RateId;
  /** When the facts happened, at the latest. */
  readonly asOf: Date;
  readonly numeratorRule: NumeratorRule;
  readonly denominatorBasis: DenominatorBasis;
  /** Least age in completed years at `asOf`: 14 by law, 15 in the city's target; undefined when not cut by age. */
  readonly ageMin: number | undefined;
  readonly geography: Geography;
  /** Undefined for all levels together. */
  readonly accountLevel: AccountLevel | undefined;
};

export type FigureLocale = 'vi' | 'en';

/** `no_basis`: the denominator is not loaded. `–`: the denominator is loaded and is zero, so there is nothing to divide by. */
export type PercentText = `${string}%` | '–' | 'no_basis';

const SEPARATORS = { vi: { decimal: ',', group: '.' }, en: { decimal: '.', group: ',' } } as const;

/** Printed with every report. */
export const ROUNDING_RULE = 'half_up';

/** The percent of a ratio, rounded half up on whole numbers, with at most `decimals` decimals: `67,8%` or `67.8%`.
 *  An exact value drops its closing zeros (21/25 → `84%`); a rounded one keeps them (2001/25000 → `8,0%`). Not clamped at 100. */
export function percentText(rate: Ratio, locale: FigureLocale, decimals = 1): PercentText {
  if (rate.denominator === undefined) {
    return rate.publishedPercent === undefined ? 'no_basis' : `${localDecimal(rate.publishedPercent, locale)}%`;
  }
  const [numerator, denominator] = [wholeNumber(rate.numerator), wholeNumber(rate.denominator)];
  if (denominator === 0n) return '–';
  const scaled = numerator * 100n * 10n ** BigInt(decimals);
  const isExact = scaled % denominator === 0n;
  const digits = ((scaled * 2n + denominator) / (denominator * 2n)).toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const fraction = isExact ? digits.slice(cut).replace(/0+$/, '') : digits.slice(cut);
  const whole = grouped(digits.slice(0, cut), locale);
  return `${fraction === '' ? whole : `${whole}${SEPARATORS[locale].decimal}${fraction}`}%`;
}

/** A whole number with its thousands grouped: `4.220.601` or `4,220,601`. */
export function integerText(value: number | bigint, locale: FigureLocale): string {
  const text = BigInt(value).toString();
  return text.startsWith('-') ? `-${grouped(text.slice(1), locale)}` : grouped(text, locale);
}

function ratio<Rule extends NumeratorRule, Basis extends DenominatorBasis>(
  numeratorRule: Rule,
  denominatorBasis: Basis,
  placement: RatePlacement,
) {
  return { measure: 'ratio', numeratorRule, denominatorBasis, placement, mayExceedHundred: false } as const;
}

function grouped(digits: string, locale: FigureLocale): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, SEPARATORS[locale].group);
}

function localDecimal(decimal: string, locale: FigureLocale): string {
  const [whole = '0', fraction] = decimal.split('.');
  const wholeText = grouped(whole, locale);
  return fraction === undefined ? wholeText : `${wholeText}${SEPARATORS[locale].decimal}${fraction}`;
}

function wholeNumber(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('A count must be a whole number, not negative');
  return BigInt(value);
}
