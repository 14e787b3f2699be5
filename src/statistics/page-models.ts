import type { DashboardModel } from '../../views/statistics/dashboard.ts';
import type { RatesPageModel } from '../../views/statistics/rates-page.ts';
import { calendarDateText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import { PUBLISHED_RATES } from './activation-rates.ts';
import type { TrendPoint } from './activation-trend.ts';
import type { ChannelShares } from './channel-shares.ts';
import { channelsModel } from './channels-model.ts';
import { figureModel } from './figure-model.ts';
import { accessModel, asOfText, cacheKey, filterModel, type Page, rateModel } from './page-parts.ts';
import type { PublishedFigureVersion } from './published-figure-store.ts';
import { publishedModel } from './published-model.ts';
import { filterQuery } from './read-query.ts';
import { trendAlt } from './trend-model.ts';
import { unitsModel } from './units-model.ts';

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
