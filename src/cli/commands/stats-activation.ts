import { integerText } from '../../domain/rate.ts';
import { translator } from '../../i18n/translator.ts';
import { ratesAsCsv, ratesAsJson } from '../../statistics/as-data/rates-as-data.ts';
import {
  type ActivationRates,
  activationRates,
  type Figure,
  PUBLISHED_RATES,
} from '../../statistics/figures/activation-rates.ts';
import { type ChannelShares, channelShares } from '../../statistics/figures/channel-shares.ts';
import { lateBacklog } from '../../statistics/figures/late-backlog.ts';
import { residentsByAgeAndSex } from '../../statistics/figures/residents-by-age-and-sex.ts';
import { timeToActivate } from '../../statistics/figures/time-to-activate.ts';
import { channelName, figureText, momentText, rateTexts, unitName } from '../../statistics/pages/rate-texts.ts';
import type { CliCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { dayOption, isSet, textOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsActivation: CliCommand = {
  usage: 'stats activation',
  summary: 'the activation rates, each with numerator, denominator and basis',
  details: 'The full view: small cells are not suppressed. For publication use /statistics/activation of the provider.',
  example: 'npx dinhdanh stats activation --as-of 2025-06-30 --csv > activation.csv',
  options: [
    { flags: '--as-of <day>', description: 'counted to the end of this day (YYYY-MM-DD); today unless given' },
    {
      flags: '--known-on <day>',
      description: 'only what was known at the end of this day, which is over; the answer never changes',
    },
    { flags: '--level <level>', description: 'one account level', choices: ['1', '2'] },
    { flags: '--csv', description: 'print the answer as CSV' },
    { flags: '--units', description: 'also by unit' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const level = textOption(options, 'level');
      const query = {
        now,
        asOfDay: dayOption(options, 'asOf'),
        knownOnDay: dayOption(options, 'knownOn'),
        accountLevel: levelOf(level),
      };
      const rates = await activationRates(db, query).catch((error: unknown) => {
        if (error instanceof RangeError) throw new WrongUsage(error.message);
        throw error;
      });
      if (isSet(options, 'csv')) process.stdout.write(ratesAsCsv(rates));
      else {
        const channels = await channelShares(db, query);
        const backlog = await lateBacklog(db, query);
        const waits = await timeToActivate(db, query);
        const residents = await residentsByAgeAndSex(db, query);
        print(
          ratesAsJson(rates, { channels, backlog, waits, residents }),
          describeRates(rates, channels, isSet(options, 'units')),
        );
      }
      return undefined;
    }),
};

function levelOf(text: string | undefined): 1 | 2 | undefined {
  if (text === undefined) return undefined;
  return text === '1' ? 1 : 2;
}

function describeRates(rates: ActivationRates, channels: ChannelShares, withUnits: boolean): string {
  const t = translator('vi');
  const whole = PUBLISHED_RATES.map((id) => {
    const { name, numerator, denominator } = rateTexts(t, id);
    const figure = rates.whole[id];
    return [name, figureText(t, 'vi', figure), countsText(figure), `${numerator} / ${denominator}`];
  });
  const rows = rates.units.rows.map((unit) => [
    unit.code,
    unitName(t, unit),
    ...PUBLISHED_RATES.flatMap((id) => [figureText(t, 'vi', unit.figures[id]), countsText(unit.figures[id])]),
  ]);
  const byChannel = channels.rows.map(({ channel, figure }) => [
    channelName(t, channel),
    figureText(t, 'vi', figure),
    countsText(figure),
  ]);
  const moment = momentText('vi', rates.moment);
  return [
    moment,
    columns(whole),
    '',
    t('statistics.channels_title'),
    columns(byChannel),
    ...(withUnits ? ['', columns(rows)] : []),
  ].join('\n');
}

function countsText(figure: Figure): string {
  if (figure.kind === 'suppressed') return '';
  const numerator = integerText(figure.numerator, 'vi');
  return figure.kind === 'no_basis' ? numerator : `${numerator} / ${integerText(figure.denominator, 'vi')}`;
}
