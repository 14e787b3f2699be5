import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { cards } from '../components/card.ts';
import { dataTable } from '../components/data-table.ts';
import { details } from '../components/details.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type AccessModel, accessNote } from './access-note.ts';
import { type ChannelsModel, channelsTable } from './channels-table.ts';
import type { FigureModel } from './figure-cell.ts';
import { type FilterModel, filterForm } from './filter-form.ts';
import { type PublishedModel, publishedTable } from './published-table.ts';
import { TREND_SIZES } from './trend-svg.ts';
import { type UnitsTableModel, unitsTable } from './units-table.ts';

export type RateCardModel = {
  readonly name: string;
  readonly figure: FigureModel;
  /** What the numerator and the denominator count, in words. */
  readonly numerator: string;
  readonly denominator: string;
  /** Beside the name, when the filter does not apply to it. */
  readonly remark: string | undefined;
};

export type DashboardModel = {
  /** When, where and for whom, in a sentence. */
  readonly asOf: string;
  readonly filter: FilterModel;
  readonly rates: readonly RateCardModel[];
  readonly trend: {
    readonly src: string;
    /** The same for a phone. */
    readonly smallSrc: string;
    readonly alt: string;
    readonly rows: readonly { readonly day: string; readonly figure: FigureModel }[];
  };
  readonly channels: ChannelsModel;
  /** Of others, as published; empty when none is loaded. */
  readonly published: PublishedModel;
  readonly units: UnitsTableModel;
  readonly access: AccessModel;
  /** The page of definitions and files, with the same filter. */
  readonly dataHref: string;
};

export function dashboardPage(chrome: Chrome, model: DashboardModel): Html {
  const { t } = chrome;
  const { trend } = model;
  const { small, large } = TREND_SIZES;
  return layout(chrome, {
    title: t('statistics.title'),
    main: html`<h1>${t('statistics.title')}</h1>
<p class="lead">${t('statistics.lead')}</p>
${filterForm(chrome, model.filter)}
<p class="as-of">${model.asOf}</p>
<div class="rates">${cards(model.rates.map((rate) => rateCard(chrome, rate)))}</div>
<p class="hint">${t('statistics.rounding')} <a href="${model.dataHref}">${t('statistics.data_link')}</a></p>
<section><h2>${t('statistics.trend_title')}</h2>
<picture class="trend-frame"><source media="(width < 40rem)" srcset="${trend.smallSrc}" width="${small.width}" height="${small.height}"><img class="trend" src="${trend.src}" alt="${trend.alt}" width="${large.width}" height="${large.height}"></picture>
${details(
  t('statistics.trend_table'),
  dataTable({
    caption: t('statistics.trend_title'),
    columns: [
      { text: t('statistics.day') },
      { text: t('statistics.percent'), isNumeric: true },
      { text: `${t('statistics.numerator')} / ${t('statistics.denominator')}`, isNumeric: true },
    ],
    rows: trend.rows.map(({ day, figure }) => [day, figure.text, figure.fraction ?? '']),
  }),
)}</section>
<section><h2>${t('statistics.channels_title')}</h2>
${channelsTable(chrome, model.channels)}</section>
${model.published.length > 0 && html`<section><h2>${t('statistics.published_title')}</h2>${publishedTable(chrome, model.published)}</section>`}
<section><h2>${t('statistics.units_title')}</h2>
${accessNote(chrome, model.access)}
${unitsTable(model.units)}</section>`,
  });
}

function rateCard({ t }: Chrome, { name, figure, numerator, denominator, remark }: RateCardModel): Html {
  return html`<div class="card rate"><h2>${name}</h2>
<p class="rate-value${figure.kind !== 'shown' && ' is-words'}">${figure.text}</p>
${figure.fraction !== undefined && html`<p class="rate-fraction">${figure.fraction}</p>`}
<dl class="rate-terms"><dt>${t('statistics.numerator')}</dt><dd>${numerator}</dd><dt>${t('statistics.denominator')}</dt><dd>${denominator}</dd></dl>
${remark !== undefined && html`<p class="hint">${remark}</p>`}</div>`;
}
