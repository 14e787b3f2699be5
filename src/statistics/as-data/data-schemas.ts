import { z } from 'zod';
import { AGE_BANDS } from '../../domain/birth-date.ts';

/** What the statistics answer with, for the OpenAPI document. Objects are closed: an answer that says more is not documented. */

const text = z.strictObject({ vi: z.string(), en: z.string() }).meta({ id: 'Text' });
const count = z.int().nullable().meta({ description: 'null: not published, or not counted; never zero in its place' });
const day = z.iso.date().meta({ description: 'A calendar day in Viet Nam' });
const view = z.enum(['public', 'unit', 'full']);
const level = z.union([z.literal(1), z.literal(2)]).nullable();
const suppressed = z.int().nullable().meta({ description: 'Counts under it are not told; null: everything is' });
const figureParts = {
  status: z.enum(['shown', 'no_basis', 'suppressed']),
  numerator: count,
  denominator: count,
};
const figure = z.strictObject({ ...figureParts, percent: text }).meta({ id: 'Figure' });
const share = z.strictObject({ ...figureParts, percent: text.nullable() }).meta({ id: 'Share' });
const moment = {
  as_of: z.iso.datetime(),
  as_of_day: day,
  is_day_over: z.boolean(),
  known_on: day.nullable(),
};
const basis = z
  .strictObject({
    quantity: z.int(),
    as_of_on: day,
    age_min: z.int().nullable(),
    source: z.string(),
    version: z.int(),
    correction_reason: z.string().nullable(),
    recorded_at: z.iso.datetime(),
  })
  .meta({ id: 'Basis' });
const definition = {
  id: z.string(),
  name: text,
  numerator_rule: z.string(),
  numerator_text: text,
  denominator_basis: z.string().nullable(),
  unit_rule: z.enum(['at_event', 'resident']),
};
const figures = z.record(z.string(), figure);
const lastSeen = day.meta({ description: 'The public sees it as it was last published' });
const lateCounts = {
  all: count,
  by_age: z.array(z.strictObject({ days: z.string(), grants: count, as_of_day: lastSeen })),
};
const quantile = z.strictObject({ status: z.enum(['days', 'not_reached']), days: z.number().nullable() }).nullable();
const waits = { status: z.string(), notified: count, activated: count, p50: quantile, p90: quantile };
const waiting = { ...definition, measure: z.string(), definition: text, ...moment, is_monthly: z.boolean() };
const persons = { ever_activated: count, level_2: count, signed_in: count, usable: count };
const residents = z.strictObject({
  ...moment,
  is_monthly: z.boolean(),
  unit_code: z.string().nullable(),
  unit_rule: z.literal('resident'),
  ages_on: day,
  is_complete: z.boolean(),
  whole: z.strictObject(persons).nullable(),
  rows: z.array(
    z.strictObject({
      age_band: z.enum(AGE_BANDS),
      sex: z.enum(['female', 'male']).nullable().meta({ description: 'null: both' }),
      as_of_day: lastSeen,
      ...persons,
      residents: count,
    }),
  ),
});
const place = { unit_code: z.string().nullable(), account_level: level };

export const ACTIVATION_ANSWER = z.strictObject({
  view,
  ...moment,
  account_level: level,
  rounding: z.string(),
  suppressed_below: suppressed,
  rates: z.array(
    z.strictObject({
      ...definition,
      denominator_text: text,
      unit_rule_text: text,
      numerator_age_min: z.int().nullable(),
      age_min: z.int().nullable(),
      account_level: level,
      geography: z.string(),
      may_exceed_hundred: z.boolean(),
      basis: basis.nullable(),
      ...figureParts,
      percent: text,
    }),
  ),
  channels: z.strictObject({
    ...moment,
    ...place,
    activations: count,
    rows: z.array(
      z.strictObject({
        channel: z.string().nullable(),
        channel_name: text,
        is_assisted: z.boolean(),
        as_of_day: lastSeen,
        ...figureParts,
        percent: text,
      }),
    ),
  }),
  late_backlog: z.strictObject({
    ...waiting,
    ...place,
    ...lateCounts,
    units: z.array(z.strictObject({ unit_code: z.string(), unit_name: text, ...lateCounts })),
  }),
  time_to_activate: z.strictObject({
    ...waiting,
    ...place,
    notified_from: day,
    notified_to: day,
    ...waits,
    weeks: z.array(z.strictObject({ monday: day, as_of_day: lastSeen, ...waits })),
    curve: z.array(z.strictObject({ days: z.number(), waiting_millionths: z.int(), at_risk: count, activated: count })),
  }),
  residents: z
    .strictObject({ ages_on: day, is_complete: z.boolean() })
    .meta({ description: 'Up to where birthdays are counted, and whether everybody is' }),
  residents_by_age_and_sex: residents,
  units: z.strictObject({
    ...moment,
    geography: z.string(),
    geography_name: text,
    whole: figures,
    rows: z.array(
      z.strictObject({
        unit_code: z.string(),
        unit_name: text,
        valid_to: day.nullable(),
        as_of_day: lastSeen,
        rates: figures,
      }),
    ),
  }),
});

const campaign = {
  key: z.string(),
  name: text,
  from_on: day,
  to_on: day,
  unit_codes: z.array(z.string()).nullable(),
  target: z.int().nullable(),
  note: z.string(),
  source: z.string(),
  version: z.int(),
  correction_reason: z.string().nullable(),
  recorded_at: z.iso.datetime(),
};
const campaignFigures = z.union([
  z.strictObject({ status: z.enum(['not_begun', 'suppressed', 'not_published']) }),
  z.strictObject({
    status: z.literal('counted'),
    from_on: day,
    to_on: day,
    days: z.int(),
    is_over: z.boolean(),
    persons: count,
    grants: count,
    target: z.int().nullable(),
    before: z.strictObject({ from_on: day, to_on: day, persons: count, grants: count }),
    by_day: z.array(z.looseObject({})).nullable(),
  }),
]);
export const CAMPAIGNS_ANSWER = z.strictObject({
  as_of: z.iso.datetime(),
  as_of_day: day,
  is_day_over: z.boolean(),
  known_on: day.nullable(),
  unit_rule: z.literal('at_event'),
  suppressed_below: suppressed,
  campaigns: z.array(z.strictObject({ ...campaign, figures: campaignFigures })),
  notes: z.array(z.strictObject(campaign)),
});

const names = z.strictObject({ steps: z.record(z.string(), z.string()), losses: z.record(z.string(), z.string()) });
export const FUNNEL_ANSWER = z.strictObject({
  view,
  as_of: z.iso.datetime(),
  from_on: day,
  to_on: day,
  is_settled: z.boolean(),
  unit_code: z.string().nullable(),
  unit_rule: z.literal('at_event'),
  channel: z.string().nullable(),
  suppressed_below: suppressed,
  status: z.enum(['shown', 'not_published']),
  started: count,
  completed: count,
  activated: count,
  steps: z.array(
    z.strictObject({
      steps: z.array(z.string()),
      reached: z.int(),
      passed: z.int(),
      open: count,
      losses: z.record(z.string(), count),
    }),
  ),
  names: z.strictObject({ vi: names, en: names }),
});

const side = z.strictObject({
  unit_code: z.string(),
  unit_name: text,
  as_of: z.iso.datetime(),
  as_of_day: day,
  is_day_over: z.boolean(),
});
export const COMPARISON_ANSWER = z.strictObject({
  view,
  account_level: level,
  suppressed_below: suppressed,
  first: side,
  second: side,
  rates: z.array(
    z.strictObject({
      id: z.string(),
      name: text,
      first: figure,
      second: figure,
      difference: z.strictObject({ count: z.int(), percentage_points: text }).nullable(),
      not_comparable: z.array(z.string()).nullable(),
    }),
  ),
});

const total = {
  client_id: z.string(),
  topic: z.string(),
  from_on: day,
  to_on: day,
  dossiers: z.int(),
  through_identity: z.int(),
  basis: z.string(),
  basis_persons: z.int().nullable(),
  source: z.string(),
  version: z.int(),
  correction_reason: z.string().nullable(),
  recorded_at: z.iso.datetime(),
};
export const TOTAL_ANSWER = z.strictObject(total).meta({ id: 'Total' });
export const TOTALS_ANSWER = z.strictObject({ totals: z.array(TOTAL_ANSWER) });
export const ADOPTION_ANSWER = z.strictObject({
  as_of: z.iso.datetime(),
  as_of_day: day,
  is_day_over: z.boolean(),
  suppressed_below: suppressed,
  services: z.array(
    z.strictObject({
      client_id: z.string(),
      name: text,
      as_of_day: day.nullable(),
      subjects: count.meta({ description: 'Persons: distinct subjects who ever used it' }),
      sign_ins: count.meta({ description: 'Usage counts (lượt), not persons' }),
      months: z.array(z.strictObject({ month: z.string(), subjects: z.int(), sign_ins: z.int() })),
      days: z.array(z.strictObject({ day, new_subjects: z.int(), sign_ins: z.int() })),
      coverage: z.array(
        z.strictObject({
          basis: z.enum(['activated_persons', 'eligible_residents', 'reported']),
          basis_name: z.string().nullable(),
          ...figureParts,
          percent: text.nullable(),
        }),
      ),
      totals: z.array(z.strictObject({ ...total, channel_share: share })),
    }),
  ),
});

const change = text.meta({ description: 'Points of a percent since the day before the period, or why there is none' });
export const REPORT_ANSWER = z.strictObject({
  view,
  title: text,
  period: z.strictObject({
    kind: z.enum(['day', 'week', 'month']),
    from: day,
    to: day,
    compared_with: day,
    is_over: z.boolean(),
  }),
  unit_code: z.string().nullable(),
  unit_name: text,
  ...moment,
  rounding: z.string(),
  rates: z.array(
    z.strictObject({
      id: z.string(),
      numerator_rule: z.string(),
      denominator_basis: z.string().nullable(),
      at_end: figure,
      before: figure.nullable(),
      change,
    }),
  ),
  activity: z.array(z.strictObject({ measure: z.string(), total: count, level_1: count, level_2: count })),
  units: z.array(z.strictObject({ unit_code: z.string(), activated: count, rates: figures })),
  channels: z.array(z.strictObject({ channel: z.string().nullable(), ...figureParts, percent: text })),
  late_backlog: z.record(z.string(), count).nullable(),
});

const rebuiltCount = z.strictObject({ count: z.int(), drawn_over: z.int() });
const rebuiltFigures = {
  is_approximate: z.boolean(),
  notified: rebuiltCount,
  activated: rebuiltCount,
  persons_activated: rebuiltCount,
};
const rebuiltMethod = {
  geography: z.literal('rebuilt'),
  rebuilt_over: z.string(),
  method: z.string(),
  method_text: text,
  account_level: level,
};
const rebuiltWhole = z.record(z.string(), z.int());
export const REBUILT_ANSWER = z.union([
  z.strictObject({
    ...rebuiltMethod,
    ...moment,
    whole: rebuiltWhole,
    rows: z.array(z.strictObject({ unit_code: z.string(), unit_name: text, ...rebuiltFigures })),
  }),
  z.strictObject({
    ...rebuiltMethod,
    unit_code: z.string(),
    draws_on: z.array(z.strictObject({ unit_code: z.string(), weight: z.number(), of_weight: z.number() })),
    points: z.array(z.strictObject({ as_of_day: day, ...rebuiltFigures })),
  }),
]);

export const OPEN_DATA_ANSWER = z.strictObject({
  dataset: z.enum(['rates', 'adoption', 'channels', 'backlog', 'residents', 'funnel']),
  licence: z.string(),
  as_of_day: day,
  updated: z.literal('monthly'),
  suppressed_below: z.int(),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.int(), z.null()]))),
});

/** RFC 9457. */
export const PROBLEM = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    field: z.string().optional(),
    errors: z.array(z.strictObject({ field: z.string(), reason: z.string() })).optional(),
    reference: z.string(),
  })
  .meta({ id: 'Problem' });
