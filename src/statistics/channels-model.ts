import type { ChannelsModel } from '../../views/statistics/channels-table.ts';
import { integerText } from '../domain/rate.ts';
import type { Locale, Translate } from '../i18n/translator.ts';
import type { ChannelShares } from './channel-shares.ts';
import { figureModel } from './figure-model.ts';
import { channelName, momentText } from './rate-texts.ts';

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
    rows: rows.map(({ channel, figure }) => ({
      name: channelName(t, channel),
      figure: figureModel(t, locale, figure),
    })),
  };
}
