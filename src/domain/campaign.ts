import { parseCalendarDate } from './birth-date.ts';
import {
  type FieldProblem,
  fieldProblems,
  type ReadRecord,
  textProblems,
  unitProblems,
  wholeNumber,
} from './denominator.ts';
import { LEAST_PUBLIC_COUNT } from './suppression.ts';
import { addDays, type CalendarDate, startOfVietNamDay } from './viet-nam-time.ts';

/** `campaign`: people were asked to activate, during these days. `note`: something else happened that a reader of a trend must know (units changed). */
export const CAMPAIGN_KINDS = ['campaign', 'note'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

export type Campaign = {
  readonly key: string;
  readonly kind: CampaignKind;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly fromOn: CalendarDate;
  /** The last day of it; of a note often the first as well. */
  readonly toOn: CalendarDate;
  /** Where it was held; empty for all of the city. */
  readonly unitCodes: readonly string[];
  /** How many persons were to be activated in it; undefined where none was set. */
  readonly target: number | undefined;
  readonly note: string;
  readonly source: string;
  /** Why it replaces what was said about the same before. */
  readonly reason: string | undefined;
};

/** The columns of a file of campaigns. */
export const CAMPAIGN_COLUMNS = [
  'key',
  'kind',
  'name_vi',
  'name_en',
  'from_on',
  'to_on',
  'units',
  'target',
  'note',
  'source',
  'reason',
] as const;
type Fields = Readonly<Record<(typeof CAMPAIGN_COLUMNS)[number], string>>;

const LONGEST_NAME = 120;
/** Longer than any campaign; a year written down wrong is longer still. */
const MOST_DAYS = 1_100;

/** One row of a file of campaigns, with every problem of it at once. */
export function readCampaign(fields: Fields): ReadRecord<Campaign> {
  const { key, name_vi: nameVi, name_en: nameEn, note, source } = fields;
  const { all, need } = fieldProblems();
  if (!/^[a-z0-9][a-z0-9-]{1,39}$/.test(key)) all.push({ field: 'key', reason: 'not_one_of_the_known' });
  const known = CAMPAIGN_KINDS.find((one) => one === fields.kind);
  const kind = need('kind', known, 'not_one_of_the_known');
  all.push(...nameProblems('name_vi', nameVi), ...nameProblems('name_en', nameEn));
  const fromOn = need('from_on', dayOf(fields.from_on), 'not_a_day');
  const isOneDay = kind === 'note' && fields.to_on === '';
  const toOn = isOneDay ? fromOn : need('to_on', dayOf(fields.to_on), 'not_a_day');
  const unitCodes = fields.units === 'all' ? [] : [...new Set(fields.units.split(/\s+/))].toSorted();
  all.push(...periodProblems(fromOn, toOn), ...unitsProblems(unitCodes, [fromOn, toOn]));
  const target = fields.target === '' ? undefined : need('target', wholeNumber(fields.target), 'not_a_whole_number');
  if (target === 0) all.push({ field: 'target', reason: 'out_of_range' });
  all.push(...textProblems('note', note, { isOptional: true }), ...textProblems('source', source));
  all.push(...textProblems('reason', fields.reason, { isOptional: true }));
  if (all.length > 0 || kind === undefined || fromOn === undefined || toOn === undefined)
    return { ok: false, problems: all };
  const reason = fields.reason === '' ? undefined : fields.reason;
  return { ok: true, value: { key, kind, nameVi, nameEn, fromOn, toOn, unitCodes, target, note, source, reason } };
}

/** A district's figures end with it: a campaign that goes on after 30 June 2025 names the units of today. */
function unitsProblems(codes: readonly string[], days: readonly (CalendarDate | undefined)[]): FieldProblem[] {
  const [first] = codes.flatMap((code) => days.flatMap((day) => unitProblems(code, day)));
  return first === undefined ? [] : [{ field: 'units', reason: first.reason }];
}

function dayOf(text: string): CalendarDate | undefined {
  const day = parseCalendarDate(text);
  return day.ok ? day.value : undefined;
}

function nameProblems(field: string, text: string): FieldProblem[] {
  return text.length > LONGEST_NAME ? [{ field, reason: 'too_long' }] : textProblems(field, text);
}

function periodProblems(fromOn: CalendarDate | undefined, toOn: CalendarDate | undefined): FieldProblem[] {
  if (fromOn === undefined || toOn === undefined) return [];
  if (toOn < fromOn) return [{ field: 'to_on', reason: 'before_its_beginning' }];
  return daysIn(fromOn, toOn) > MOST_DAYS ? [{ field: 'to_on', reason: 'out_of_range' }] : [];
}

/** Of campaigns of which sums of their days are told, those that may be: a sum tells how far running totals went between two days, and sums that share a day tell it between all of
 *  their days. Each total then went nowhere, or by at least `least`. @param campaigns in the order in which they ended: a later one never takes back an earlier one.
 *  `days`: at whose ends the sums begin and end. @param totalsAt what is found by subtracting from them what else is told */
export function tellable<T extends { readonly days: readonly CalendarDate[] }>(
  campaigns: readonly T[],
  totalsAt: (day: CalendarDate) => readonly number[],
  least: number = LEAST_PUBLIC_COUNT,
): ReadonlySet<T> {
  let linked: ReadonlySet<CalendarDate>[] = [];
  const told = new Set<T>();
  for (const campaign of campaigns) {
    const touched = linked.filter((days) => campaign.days.some((day) => days.has(day)));
    const days = new Set([...campaign.days, ...touched.flatMap((one) => [...one])]);
    const all = [...days].map(totalsAt);
    const isSmall = (one: readonly number[], other: readonly number[]): boolean =>
      one.some((total, at) => total !== other[at] && Math.abs(total - (other[at] ?? 0)) < least);
    if (all.some((one) => all.some((other) => isSmall(one, other)))) continue;
    linked = [...linked.filter((one) => !touched.includes(one)), days];
    told.add(campaign);
  }
  return told;
}

/** How many days from the first to the last, both counted. */
export function daysIn(fromOn: CalendarDate, toOn: CalendarDate): number {
  return Math.round((startOfVietNamDay(toOn).getTime() - startOfVietNamDay(fromOn).getTime()) / 86_400_000) + 1;
}

export type Period = { readonly fromOn: CalendarDate; readonly toOn: CalendarDate };

/** The days of a campaign that have been counted by `day`, and as many right before it; undefined while it has not begun. */
export function campaignPeriods(
  { fromOn, toOn }: Period,
  day: CalendarDate,
): { readonly during: Period; readonly before: Period; readonly days: number; readonly isOver: boolean } | undefined {
  if (day < fromOn) return undefined;
  const last = day < toOn ? day : toOn;
  const days = daysIn(fromOn, last);
  return {
    during: { fromOn, toOn: last },
    before: { fromOn: addDays(fromOn, -days), toOn: addDays(fromOn, -1) },
    days,
    isOver: toOn <= day,
  };
}
