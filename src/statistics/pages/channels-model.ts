import type { ChannelsModel } from '../../../views/statistics/channels-table.ts';
import type { ChartModel } from '../../../views/statistics/charts/chart.ts';
import { integerText } from '../../domain/rate.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { ChannelShares } from '../figures/channel-shares.ts';
import { figureModel, percentOf } from './figure-model.ts';
import { channelName, figureText, lastSeenText, momentText } from './rate-texts.ts';

export function channelsModel(t: Translate, locale: Locale, channels: ChannelShares): ChannelsModel {
  const { moment, rows } = channels;
  const activations = channels.activations === null ? undefined : integerText(channels.activations, locale);
  const at = momentText(locale, moment);
  const caption = moment.isDayOver
    ? t('statistics.channels_caption', { activations: activations ?? '–', day: at })
    : t('statistics.channels_caption_now', { activations: activations ?? '–', time: at });
  return {
    isPublished: activations !== undefined,
    isMonthly: channels.isMonthly,
    caption,
    rows: rows.map(({ channel, figure, asOfDay }) => ({
      name: lastSeenText(locale, channelName(t, channel), asOfDay),
      figure: figureModel(t, locale, figure),
    })),
  };
}

/** Most used first. */
export function channelsChart(locale: Locale, { rows }: Pick<ChannelShares, 'rows'>): ChartModel {
  const t = translator(locale);
  const drawn = rows
    .flatMap(({ channel, figure, asOfDay }) => {
      const value = percentOf(figure);
      return value === undefined
        ? []
        : [
            {
              name: lastSeenText(locale, channelName(t, channel), asOfDay),
              bars: [{ value, text: figureText(t, locale, figure) }],
            },
          ];
    })
    .toSorted((a, b) => (b.bars[0]?.value ?? 0) - (a.bars[0]?.value ?? 0));
  const said = drawn.map(({ name, bars }) => `${name} ${bars[0]?.text ?? ''}`).join('; ');
  return {
    kind: 'bars',
    locale,
    measure: 'percent',
    title: drawn.length === 0 ? t('statistics.trend_alt_empty') : t('dashboard.channels_alt', { shares: said }),
    series: [{ name: t('statistics.percent'), look: 'main' }],
    rows: drawn,
  };
}
