import type { PublishedModel } from '../../../views/statistics/published-table.ts';
import { publishedRatio } from '../../domain/published-figure.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { PublishedFigureVersion } from '../stores/published-figure-store.ts';

export function publishedModel(locale: Locale, figures: readonly PublishedFigureVersion[]): PublishedModel {
  const t = translator(locale);
  return figures.map((figure) => ({
    topic: topicText(t, figure.topic),
    day: figure.asOfOn === undefined ? t('statistics.published_no_day') : calendarDateText(locale, figure.asOfOn),
    percent: quotedPercent(locale, figure),
    fraction: fractionText(t, locale, figure),
    basis: t(`statistics.basis.${figure.basis}`),
    source: figure.source,
  }));
}

/** With as many decimals as were published. */
function quotedPercent(locale: Locale, figure: PublishedFigureVersion): string {
  const text = percentText(publishedRatio(figure), locale, figure.percent?.split('.')[1]?.length);
  return text === 'no_basis' ? '–' : text;
}

function fractionText(
  t: Translate,
  locale: Locale,
  { numerator, denominator, isRounded }: PublishedFigureVersion,
): string {
  const parts = [numerator, ...(denominator === undefined ? [] : [denominator])];
  const text = parts.map((part) => integerText(part, locale)).join(' / ');
  return isRounded ? t('statistics.published_rounded', { figures: text }) : text;
}

/** A service goes by its own id. */
function topicText(t: Translate, topic: string): string {
  return topic === 'activation' || topic === 'intake' ? t(`statistics.published_topic_${topic}`) : topic;
}
