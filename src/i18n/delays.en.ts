import type { delaysVi } from './delays.vi.ts';
import type { Texts } from './texts.ts';

export const delaysEn: Texts<typeof delaysVi> = {
  'delays.backlog_title': 'Late and not activated',
  'delays.backlog_definition':
    'Grants never activated whose time has run out, by days since the day of the notice. A grant whose window was opened again is not late until the new window is over; its age is still counted from the first notice. A lock does not change this count.',
  'delays.backlog_caption': 'Late grants by days since the notice, as of the end of {day}',
  'delays.backlog_caption_now': 'Late grants by days since the notice, as of {time}',
  'delays.backlog_hidden': 'Too few late grants to publish.',
  'delays.backlog_units_caption': 'Late grants of each unit',
  'delays.backlog_most_caption':
    'The {count} units with the most late grants (of {units}, each with a page of its own)',
  'delays.age': 'Days since the notice',
  'delays.grants': 'Grants',
  'delays.band_8_30': '8–30 days',
  'delays.band_31_90': '31–90 days',
  'delays.band_over_90': 'over 90 days',
  'delays.all': 'All',
  'delays.monthly': 'Published by month, all levels, without counts under 10.',

  'delays.waits_title': 'Time to activate',
  'delays.waits_definition':
    'Days from the day of the notice to the day of the first activation (0: the same day), by week of the notice. A grant not yet activated counts as having waited until the moment of the count (Kaplan–Meier estimate), so late comers do not make the figure look better. p50, p90: the least number of days after which a half, nine tenths, have activated.',
  'delays.waits_caption': 'By week of the notice, from {from} to {to}, as of the end of {day}',
  'delays.week_of': 'Week of {day}',
  'delays.week': 'Week of the notice',
  'delays.notified': 'Notified',
  'delays.activated': 'Activated',
  'delays.p50': 'p50',
  'delays.p90': 'p90',
  'delays.days': '{days, plural, one {# day} other {# days}}',
  'delays.not_reached': 'not reached',
  'delays.curve_caption': 'Share not yet activated by days since the notice (Kaplan–Meier)',
  'delays.curve_hidden': 'Too few grants to publish.',
  'delays.curve_monthly': 'In whole percents, on days by which at least 10 more had activated.',
  'delays.curve_days': 'Day',
  'delays.at_risk': 'Still waiting until that day',
  'delays.ended': 'Activated on that day',
  'delays.still_waiting': 'Not activated after that day',
};
