import type { dashboardVi } from './dashboard.vi.ts';
import type { Texts } from './texts.ts';

export const dashboardEn: Texts<typeof dashboardVi> = {
  'dashboard.contents': 'On this page',
  'dashboard.chosen': 'Choose another day, level or due day of the target',
  'dashboard.due_field': 'Target due on',

  'dashboard.definition': 'Definition',
  'dashboard.definition_of': 'Definition: {name}',
  'dashboard.definition_source': 'Source of the denominator',
  'dashboard.definition_age': 'Age',
  'dashboard.definition_no_age': 'not cut by age',
  'dashboard.definition_age_of_basis': 'denominator {age}; the numerator is not cut by age',
  'dashboard.definition_geography': 'Geography',
  'dashboard.definition_rounding': 'Rounding',
  'dashboard.definition_remark': 'Remark',
  'dashboard.chart_table': 'The figures of the chart',

  'dashboard.progress_title': 'Progress to the target, due {due}',
  'dashboard.progress_missing': 'still missing',
  'dashboard.progress_reached': 'The target is reached',
  'dashboard.progress_no_days': 'No days are left',
  'dashboard.progress_needed': '{perDay} persons a day are needed for {days} days.',
  'dashboard.progress_recent': 'Last week: {recent} persons a day.',
  'dashboard.forecast':
    'If the last 8 weeks go on, about {expected} by {due} (with a chance of {chance} between {low} and {high}).',
  'dashboard.forecast_none': 'There are not yet 8 weeks of figures to forecast from.',
  'dashboard.forecast_row': 'forecast for {due}',
  'dashboard.forecast_method':
    'Forecast: the mean of the last 8 whole weeks goes on until the due day; an 80% prediction interval by Student’s t with 7 degrees of freedom. It knows nothing of campaigns to come; weeks that depend on each other make it too narrow.',
  'dashboard.no_target': 'No assigned target is loaded, so there is no progress to compute.',
  'dashboard.progress_alt':
    'Chart of progress: {count} persons now, of a target of {target}; forecast for {due}: {forecast}.',
  'dashboard.target_line': 'Target {target}',
  'dashboard.progress_key':
    'Solid: persons who activated. Dashed: the way that would reach the target. Pale: the 80% interval of the forecast.',
  'dashboard.week_end': 'By the end of',
  'dashboard.persons': 'Persons',
  'dashboard.share_of_target': 'Of the target',

  'dashboard.attention': 'Needs attention',
  'dashboard.attention_none': 'Nothing unusual in the figures you may see.',
  'dashboard.signal.no_target': 'No target or population is loaded: there are no rates of either.',
  'dashboard.signal.target_missed': 'The target is unlikely to be met in time: {high} at most by {due}, as things go.',
  'dashboard.signal.units_behind':
    '{count, plural, one {# unit is} other {# units are}} 10 points or more below the whole city:',
  'dashboard.signal.rate_fell': 'The rate of those granted fell by {points} points in the time shown.',
  'dashboard.signal.on_time_low': 'Only {percent} activate within their 7 days.',
  'dashboard.signal.old_basis': 'The denominator “{basis}” is more than a year old ({day}).',

  'dashboard.trend_title': 'Trend: activated of those granted',
  'dashboard.trend_range': 'How far back',
  'dashboard.range.30d': '30 days',
  'dashboard.range.quarter': '3 months',
  'dashboard.range.year': '1 year',
  'dashboard.range.all': 'All, by month',
  'dashboard.trend_key': 'Line: the rate so far. Columns: activations added {each}.',
  'dashboard.trend_key_day': 'each day',
  'dashboard.trend_key_month': 'each month',
  'dashboard.trend_key_public': 'Columns under 10 are not drawn.',

  'dashboard.rates_title': 'The rates',
  'dashboard.target_title': 'The way to the target',
  'dashboard.tiles_title': 'Tile map: a square for each unit',
  'dashboard.tiles_links': 'The page of each unit',
  'dashboard.tiles_key':
    'Activated of those granted, in percent. A square lies roughly where the unit does, north up; it is no map of boundaries. A dash: nothing there, or not published.',
  'dashboard.tiles_alt':
    'Tile map of {count} units with figures ({hidden} without, or not published): lowest {lowest}, highest {highest}. The table below has every unit.',
  'dashboard.ranking_title': 'Highest and lowest',
  'dashboard.ranking_title_all': 'Ranking',
  'dashboard.ranking_between': '… {count} units between …',
  'dashboard.ranking_whole': 'Whole city {percent}',
  'dashboard.ranking_alt':
    'Ranking of {count} units: highest {first} with {highest}, lowest {last} with {lowest}; the whole city {whole}.',
  'dashboard.multiples_title': 'Each unit over the months',
  'dashboard.multiples_key':
    'All on one scale, in order of their present rates. The number is the latest rate. Only units with figures of two months in a row.',
  'dashboard.multiples_alt':
    'A line for each of {count} units over the last {months, plural, one {# month} other {# months}}. The table below has every month.',
  'dashboard.multiples_table': 'Every month of each unit',
  'dashboard.month': '{month}',
  'dashboard.units_table': 'Table of {count} units: rank, rate, numerator and denominator',
  'dashboard.rank': 'Rank',
  'dashboard.change': 'Since {day}',
  'dashboard.points': '{points} points',
  'dashboard.unit_choose': 'Look at one unit',
  'dashboard.unit_field': 'Unit',
  'dashboard.unit_button': 'Open its page',
  'dashboard.channels_alt': 'Bar chart, share of each channel: {shares}.',

  'dashboard.unit_title': 'Activation figures: {name}',
  'dashboard.chosen_unit': 'Choose another day or level',
  'dashboard.unit_place': 'Where it stands',
  'dashboard.unit_back': 'Back to the whole city',
  'dashboard.unit_rank': 'Rank {rank} of {count} units',
  'dashboard.unit_no_rank': 'No rank: there are no figures, or they are not published.',
  'dashboard.unit_against': 'Whole city: {percent}',
  'dashboard.unit_trend': 'Trend of the unit',
  'dashboard.unit_trend_alt':
    'Line chart of {name}: from {first} on {from} to {last} on {to}; the second line is the whole city.',
  'dashboard.unit_monthly':
    'Published once a month, as of its last day. Counts under 10, and counts that would give one away, are not published.',
  'dashboard.unit_city_line': 'city',
  'dashboard.unit_key': 'Thick line: this unit. Thin line: the whole city.',
  'dashboard.unit_former': 'This unit is no more since {day}; figures end with its last day.',
  'dashboard.unit_since': 'Since {day}.',

  'dashboard.funnel_started': 'Began',
  'dashboard.funnel_alt': 'Funnel of the steps of an activation, percent and attempts: {steps}.',
  'dashboard.late_8_30': '8–30 days',
  'dashboard.late_31_90': '31–90 days',
  'dashboard.late_over_90': 'over 90 days',
  'dashboard.late_grants': 'Late grants',
  'dashboard.late_alt': 'Grants that are late and not activated, by days since the notice: {counts}.',
  'dashboard.survival_alt':
    'Kaplan–Meier curve of those not yet activated: {due} after 7 days, {month} after 30 days, {end} after {last} days.',
  'dashboard.survival_due': 'due after 7 days',
  'dashboard.survival_key':
    'Share not yet activated by days since the notice; who still waits is counted until last seen (censored).',
  'dashboard.waits_alt':
    'Days from the notice to the activation, by week of the notice from {from} to {to}: for half (p50) and for nine of ten (p90).',
  'dashboard.waits_half': 'p50',
  'dashboard.waits_most': 'p90',
  'dashboard.waits_key':
    'Days until half (p50) and nine of ten (p90) had activated, by week of the notice. A gap: not reached yet, or not published.',
  'dashboard.adoption_alt': 'Persons and sign-ins of each service: {services}.',

  'dashboard.ages_title': 'By age and sex',
  'dashboard.ages_definition':
    'Persons alive and resident in the city at the time of counting who ever activated. “Usable now”: activated and not locked. Ages are those at the time of counting.',
  'dashboard.ages_caption': 'Persons who activated, by age and sex, as of {time}',
  'dashboard.ages_of': 'Ages are those of {day}.',
  'dashboard.ages_incomplete': 'Residents are being counted again after an upgrade: the figures are incomplete.',
  'dashboard.ages_alt': 'Persons who activated by age, women / men: {bands}.',
  'dashboard.age': 'Age',
  'dashboard.age_band': '{band} years',
  'dashboard.female': 'Women',
  'dashboard.male': 'Men',
  'dashboard.both_sexes': 'Both',
  'dashboard.usable': 'Usable now',
  'dashboard.of_residents': 'Of the residents',
  'dashboard.report_link': 'Reports by day, week and month',
};
