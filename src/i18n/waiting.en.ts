import type { Texts } from './texts.ts';
import type { waitingVi } from './waiting.vi.ts';

export const waitingEn: Texts<typeof waitingVi> = {
  'waiting.backlog_title': 'Late and not activated',
  'waiting.backlog_definition':
    'Grants never activated whose time has run out, by days since the day of the notice. A grant whose window was opened again is not late until the new window is over; its age is still counted from the first notice. A lock does not change this count.',
  'waiting.backlog_caption': 'Late grants by days since the notice, as of the end of {day}',
  'waiting.backlog_caption_now': 'Late grants by days since the notice, as of {time}',
  'waiting.backlog_hidden': 'Too few late grants to publish.',
  'waiting.backlog_units_caption': 'Late grants of each unit',
  'waiting.backlog_most_caption':
    'The {count} units with the most late grants (of {units}, each with a page of its own)',
  'waiting.age': 'Days since the notice',
  'waiting.grants': 'Grants',
  'waiting.band_8_30': '8–30 days',
  'waiting.band_31_90': '31–90 days',
  'waiting.band_over_90': 'over 90 days',
  'waiting.all': 'All',
  'waiting.monthly': 'Published by month, all levels, without counts under 10.',

  'waiting.waits_title': 'Time to activate',
  'waiting.waits_definition':
    'Days from the day of the notice to the day of the first activation (0: the same day), by week of the notice. A grant not yet activated counts as having waited until the moment of the count (Kaplan–Meier estimate), so late comers do not make the figure look better. p50, p90: the least number of days after which a half, nine tenths, have activated.',
  'waiting.waits_caption': 'By week of the notice, from {from} to {to}, as of the end of {day}',
  'waiting.week_of': 'Week of {day}',
  'waiting.week': 'Week of the notice',
  'waiting.notified': 'Notified',
  'waiting.activated': 'Activated',
  'waiting.p50': 'p50',
  'waiting.p90': 'p90',
  'waiting.days': '{days, plural, one {# day} other {# days}}',
  'waiting.not_reached': 'not reached',
  'waiting.curve_caption': 'Share not yet activated by days since the notice (Kaplan–Meier)',
  'waiting.curve_hidden': 'Too few grants to publish.',
  'waiting.curve_monthly': 'In whole percents, on days by which at least 10 more had activated.',
  'waiting.curve_days': 'Day',
  'waiting.at_risk': 'Still waiting until that day',
  'waiting.ended': 'Activated on that day',
  'waiting.still_waiting': 'Not activated after that day',
};
