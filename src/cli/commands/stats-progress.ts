import { integerText } from '../../domain/rate.ts';
import { FORECAST_PERCENT, type Forecast, type PaceNeeded } from '../../domain/target-progress.ts';
import { addDays, vietNamDay } from '../../domain/viet-nam-time.ts';
import { translator } from '../../i18n/translator.ts';
import { type TargetProgress, targetProgress } from '../../statistics/figures/target-progress.ts';
import { basisText, figureText } from '../../statistics/pages/rate-texts.ts';
import type { CliCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { dayOption } from '../option-values.ts';
import { withRegister } from '../with-register.ts';

export const statsProgress: CliCommand = {
  usage: 'stats progress',
  summary: 'how far the city is from its target, the daily pace it needs, and a forecast',
  details:
    'The target is the loaded base (`stats bases import`). The forecast lets the mean of the last eight weeks go on, with an 80% prediction interval; it knows nothing of campaigns to come. Method: docs/statistics.md.',
  example: 'npx dinhdanh stats progress --due 2026-12-31',
  options: [
    { flags: '--due <day>', description: 'the day by whose end the target is to be reached', isRequired: true },
    { flags: '--as-of <day>', description: 'counted to the end of this day, which is over; yesterday unless given' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const yesterday = addDays(vietNamDay(now), -1);
      const asOfDay = dayOption(options, 'asOf') ?? yesterday;
      const dueOn = dayOption(options, 'due') ?? asOfDay;
      if (asOfDay > yesterday) throw new WrongUsage('--as-of must be a day that is over');
      if (dueOn < asOfDay) throw new WrongUsage('--due lies before the day of the count');
      const progress = await targetProgress(db, { now, asOfDay, dueOn });
      print(asData(progress), describe(progress));
      return undefined;
    }),
};

function asData({ moment, dueOn, daysLeft, figure, target, pace, forecast }: TargetProgress): object {
  return {
    rate: 'activation_of_target',
    as_of_day: moment.day,
    due_on: dueOn,
    days_left: daysLeft,
    ...figure,
    target: target && {
      as_of_on: target.asOfOn,
      age_min: target.ageMin,
      source: target.source,
      version: target.version,
    },
    pace: pace ?? null,
    forecast: { ...forecast, interval_percent: FORECAST_PERCENT },
  };
}

function describe({ moment, dueOn, daysLeft, figure, target, pace, forecast }: TargetProgress): string {
  const t = translator('vi');
  const counts = figure.kind === 'shown' ? `${whole(figure.numerator)} / ${whole(figure.denominator)}` : '';
  return [
    `${moment.day}: ${figureText(t, 'vi', figure)} ${counts}`.trim(),
    basisText(t, 'vi', target) ?? 'No target is loaded: npx dinhdanh stats bases import',
    describePace(pace, daysLeft),
    describeForecast(forecast, dueOn),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function describePace(pace: PaceNeeded | undefined, daysLeft: number): string {
  if (pace === undefined) return '';
  switch (pace.kind) {
    case 'reached':
      return 'The target is reached.';
    case 'no_days_left':
      return `${whole(pace.missing)} are missing, and no day is left.`;
    case 'pace':
      return `${whole(pace.missing)} are missing: ${whole(pace.perDay)} a day for ${daysLeft} days.`;
  }
}

function describeForecast(forecast: Forecast, dueOn: string): string {
  if (forecast.kind === 'too_little_history') return 'No forecast: fewer than eight weeks to go by.';
  const { expected, low, high } = forecast;
  return `As in the last eight weeks: ${whole(expected)} on ${dueOn}; ${FORECAST_PERCENT}% between ${whole(low)} and ${whole(high)}.`;
}

function whole(count: number): string {
  return integerText(count, 'vi');
}
