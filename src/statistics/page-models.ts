import type { AccessModel } from '../../views/statistics/access-note.ts';
import type { ChannelsModel } from '../../views/statistics/channels-table.ts';
import type { DashboardModel } from '../../views/statistics/dashboard.ts';
import type { FigureModel } from '../../views/statistics/figure-cell.ts';
import type { FilterModel } from '../../views/statistics/filter-form.ts';
import type { RatesPageModel } from '../../views/statistics/rates-page.ts';
import type { TrendSvgModel } from '../../views/statistics/trend-svg.ts';
import type { UnitsTableModel } from '../../views/statistics/units-table.ts';
import { integerText, percentText } from '../domain/rate.ts';
import { calendarDateText } from '../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../i18n/translator.ts';
import {
  type ActivationRates,
  type Figure,
  type Figures,
  IS_SPLIT_BY_LEVEL,
  PUBLISHED_RATES,
  type PublishedRateId,
} from './activation-rates.ts';
import type { TrendPoint } from './activation-trend.ts';
import type { ChannelShares } from './channel-shares.ts';
import type { PublishedFigureVersion } from './published-figure-store.ts';
import { publishedModel } from './published-model.ts';
import {
  basisText,
  channelName,
  figureText,
  levelText,
  loadedBasis,
  momentText,
  rateTexts,
  unitName,
} from './rate-texts.ts';
import { type Filter, filterQuery } from './read-query.ts';
import type { Access } from './viewer.ts';

type Page = {
  readonly locale: Locale;
  readonly rates: ActivationRates;
  readonly filter: Filter;
  readonly access: Access;
};
type Dashboard = Page & { readonly channels: ChannelShares; readonly published: readonly PublishedFigureVersion[] };

export function dashboardModel(page: Dashboard, trend: readonly TrendPoint[]): DashboardModel {
  const { locale, filter } = page;
  const t = translator(locale);
  return {
    asOf: asOfText(page),
    filter: filterModel('/statistics', filter),
    rates: PUBLISHED_RATES.map((id) => rateModel(page, id)),
    trend: {
      src: `/statistics/trend.svg${filterQuery(filter, { ...cacheKey(page), locale })}`,
      smallSrc: `/statistics/trend.svg${filterQuery(filter, { ...cacheKey(page), locale, size: 'small' })}`,
      alt: trendAlt(t, locale, trend),
      rows: trend
        .map(({ day, figure }) => ({ day: calendarDateText(locale, day), figure: figureModel(t, locale, figure) }))
        .toReversed(),
    },
    channels: channelsModel(t, locale, page.channels),
    published: publishedModel(locale, page.published),
    units: unitsModel(page, ['activation_of_granted', 'on_time']),
    access: accessModel(page),
    dataHref: `/statistics/activation${filterQuery(filter)}`,
  };
}

export function ratesPageModel(page: Page): RatesPageModel {
  const { filter } = page;
  return {
    asOf: asOfText(page),
    filter: filterModel('/statistics/activation', filter),
    rates: PUBLISHED_RATES.map((id) => ({ id, ...rateModel(page, id) })),
    units: unitsModel(page, PUBLISHED_RATES),
    access: accessModel(page),
    overviewHref: `/statistics${filterQuery(filter)}`,
    jsonHref: `/statistics/activation.json${filterQuery(filter, cacheKey(page))}`,
    csvHref: `/statistics/activation.csv${filterQuery(filter, cacheKey(page))}`,
  };
}

/** Nothing reads it: an address of its own for what a cookie opened, so that no browser takes the public answer it kept for it. */
function cacheKey({ access }: Page): Readonly<Record<string, string>> {
  return access.isByCookie ? { view: access.viewer.kind } : {};
}

export function trendModel(locale: Locale, trend: readonly TrendPoint[]): Omit<TrendSvgModel, 'isSmall'> {
  const t = translator(locale);
  return {
    title: t('statistics.trend_title'),
    points: trend.map(({ day, figure }) => ({ dayText: shortDay(day), percent: percentOf(figure) })),
    percentLabel: (percent) => percentText({ numerator: Math.round(percent * 10), denominator: 1000 }, locale),
  };
}

/** `22/11`: enough on an axis of thirty days. */
function shortDay(day: string): string {
  const [, month, dayOfMonth] = day.split('-');
  return `${dayOfMonth}/${month}`;
}

/** For drawing only: printed percents are computed on whole numbers. */
function percentOf(figure: Figure): number | undefined {
  return figure.kind === 'shown' && figure.denominator > 0 ? (figure.numerator / figure.denominator) * 100 : undefined;
}

function trendAlt(t: Translate, locale: Locale, trend: readonly TrendPoint[]): string {
  const drawn = trend.filter(({ figure }) => percentOf(figure) !== undefined);
  const [first, last] = [drawn.at(0), drawn.at(-1)];
  if (first === undefined || last === undefined) return t('statistics.trend_alt_empty');
  return t('statistics.trend_alt', {
    first: figureText(t, locale, first.figure),
    from: calendarDateText(locale, first.day),
    last: figureText(t, locale, last.figure),
    to: calendarDateText(locale, last.day),
  });
}

function asOfText({ locale, rates, filter }: Page): string {
  const t = translator(locale);
  const geography = t(`statistics.geography.${rates.units.geography}`);
  const level = levelText(t, undefined, filter.accountLevel);
  const at = momentText(locale, rates.moment);
  if (rates.moment.knownOn !== undefined) {
    const known = calendarDateText(locale, rates.moment.knownOn);
    return t('statistics.as_of_known', { day: at, known, geography, level });
  }
  return rates.moment.isDayOver
    ? t('statistics.as_of_day', { day: at, geography, level })
    : t('statistics.as_of_now', { time: at, geography, level });
}

function filterModel(action: string, { asOfDay, accountLevel }: Filter): FilterModel {
  return { action, asOfDay: asOfDay ?? '', accountLevel: accountLevel === undefined ? '' : `${accountLevel}` };
}

function rateModel({ locale, rates, filter }: Page, id: PublishedRateId) {
  const t = translator(locale);
  const figure = figureModel(t, locale, rates.whole[id]);
  const basis = basisText(t, locale, loadedBasis(id, rates));
  const isOverAllLevels = filter.accountLevel !== undefined && !IS_SPLIT_BY_LEVEL[id];
  const remarks = [
    ...(basis === undefined ? [] : [basis]),
    ...(isOverAllLevels ? [t('statistics.all_levels_only')] : []),
    ...(figure.kind === 'no_basis' ? [t('statistics.no_basis_help')] : []),
  ];
  return { ...rateTexts(t, id), figure, remark: remarks.length === 0 ? undefined : remarks.join(' ') };
}

function figureModel(t: Translate, locale: Locale, figure: Figure): FigureModel {
  return { kind: figure.kind, text: figureText(t, locale, figure), fraction: fractionText(locale, figure) };
}

function fractionText(locale: Locale, figure: Figure): string | undefined {
  if (figure.kind === 'suppressed') return undefined;
  const numerator = integerText(figure.numerator, locale);
  return figure.kind === 'no_basis' ? numerator : `${numerator} / ${integerText(figure.denominator, locale)}`;
}

function unitsModel({ locale, rates }: Page, ids: readonly PublishedRateId[]): UnitsTableModel {
  const t = translator(locale);
  const { moment, geography, whole, rows } = rates.units;
  const figures = (of: Figures): Record<string, FigureModel> =>
    Object.fromEntries(ids.map((id) => [id, figureModel(t, locale, of[id])]));
  const at = { geography: t(`statistics.geography.${geography}`) };
  return {
    caption: moment.isDayOver
      ? t('statistics.units_caption', { ...at, day: momentText(locale, moment) })
      : t('statistics.units_caption_now', { ...at, time: momentText(locale, moment) }),
    unitHeading: t('statistics.unit'),
    hiddenSign: t('statistics.not_published_sign'),
    rates: ids.map((id) => ({ id, name: rateTexts(t, id).name })),
    rows: [
      { name: t('statistics.whole'), remark: undefined, figures: figures(whole) },
      ...rows.map((row) => ({
        name: unitName(t, row),
        remark:
          row.unit?.validTo !== undefined && row.unit.validTo < moment.day ? t('statistics.unit_former') : undefined,
        figures: figures(row.figures),
      })),
    ],
  };
}

function channelsModel(t: Translate, locale: Locale, channels: ChannelShares): ChannelsModel {
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

function accessModel({ access }: Page): AccessModel {
  return { view: access.viewer.kind, canLeave: access.isByCookie };
}
