import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { secondaryButton } from '../components/buttons.ts';
import { cards } from '../components/card.ts';
import { dataTable } from '../components/data-table.ts';
import { details } from '../components/details.ts';
import { selectField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Content, Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type AccessModel, accessNote } from './access-note.ts';
import { type AttentionModel, attention } from './attention.ts';
import { type ChannelsModel, channelsTable } from './channels-table.ts';
import { type ChartFigureModel, chartFigure } from './chart-figure.ts';
import { type DefinitionModel, definition } from './definition.ts';
import type { FigureModel } from './figure-cell.ts';
import { type FilterModel, filterForm } from './filter-form.ts';
import { type ProgressModel, progressPanel } from './progress-panel.ts';
import { type PublishedModel, publishedTable } from './published-table.ts';
import { type TileLinksModel, tileLinks } from './tile-links.ts';
import { type MonthsTableModel, monthsTable, type UnitsRankingModel, unitsRanking } from './units-ranking.ts';

export type RateCardModel = {
  readonly figure: FigureModel;
  readonly definition: DefinitionModel;
};

export type TrendModel = {
  readonly chart: ChartFigureModel;
  readonly ranges: readonly { readonly text: string; readonly href: string; readonly isChosen: boolean }[];
  readonly rows: readonly { readonly day: string; readonly figure: FigureModel }[];
};

/** One question and its answer. */
export type ReadySection = {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
};

export type DashboardModel = {
  /** When, where and for whom, in a sentence. */
  readonly asOf: string;
  readonly filter: FilterModel;
  readonly headline: RateCardModel;
  readonly progress: ProgressModel | undefined;
  readonly progressChart: ChartFigureModel;
  readonly attention: AttentionModel;
  readonly trend: TrendModel;
  readonly rates: readonly RateCardModel[];
  readonly units: {
    readonly moment: string;
    readonly isCut: boolean;
    readonly tiles: ChartFigureModel;
    readonly tileLinks: TileLinksModel;
    readonly ranking: ChartFigureModel;
    readonly table: UnitsRankingModel;
    readonly multiples: ChartFigureModel | undefined;
    readonly months: MonthsTableModel;
    readonly choices: readonly { readonly value: string; readonly text: string }[];
  };
  readonly channels: ChannelsModel;
  readonly channelsChart: ChartFigureModel;
  /** Of others, as published; empty when none is loaded. */
  readonly published: PublishedModel;
  readonly access: AccessModel;
  /** The page of definitions and files, with the same filter. */
  readonly dataHref: string;
};

/** Read in ten seconds down to the trend; after it, one section for each question. */
export function dashboardPage(chrome: Chrome, model: DashboardModel, more: readonly ReadySection[] = []): Html {
  const { t } = chrome;
  const sections: readonly ReadySection[] = [
    ...(model.progress === undefined
      ? []
      : [ownSection('target', t('dashboard.target_title'), targetBody(chrome, model.progress, model.progressChart))]),
    ownSection('rates', t('dashboard.rates_title'), ratesBody(chrome, model)),
    ownSection('units', t('statistics.units_title'), unitsBody(chrome, model)),
    ownSection('channels', t('statistics.channels_title'), channelsBody(chrome, model)),
    ...more,
    ...(model.published.length === 0
      ? []
      : [ownSection('published', t('statistics.published_title'), publishedTable(chrome, model.published))]),
  ];
  return layout(chrome, {
    title: t('statistics.title'),
    main: html`<div class="statistics"><h1>${t('statistics.title')}</h1>
<p class="as-of">${model.asOf}</p>
${details(t('dashboard.chosen'), filterForm(chrome, model.filter))}
<div class="overview">${headline(chrome, model.headline)}${progressPanel(chrome, model.progress)}${attention(chrome, model.attention)}</div>
${trendSection(chrome, model.trend)}
<nav class="contents" aria-label="${t('dashboard.contents')}"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${sections.map(({ id, body }) => html`<div class="part" id="${id}">${body}</div>\n`)}</div>`,
  });
}

function ownSection(id: string, title: string, body: Html): ReadySection {
  return { id, title, body: html`<section><h2>${title}</h2>${body}</section>` };
}

function headline(chrome: Chrome, { figure, definition: terms }: RateCardModel): Html {
  const { t } = chrome;
  return html`<section class="card headline"><h2>${terms.name}</h2>
<p class="headline-value${figure.kind !== 'shown' && ' is-words'}">${figure.text}</p>
${figure.fraction !== undefined && html`<p class="rate-fraction">${figure.fraction}</p>`}
<dl class="rate-terms"><dt>${t('statistics.numerator')}</dt><dd>${terms.numerator}</dd><dt>${t('statistics.denominator')}</dt><dd>${terms.denominator}</dd></dl>
${definition(chrome, terms)}</section>`;
}

function trendSection(chrome: Chrome, { chart, ranges, rows }: TrendModel): Html {
  const { t } = chrome;
  return html`<section id="trend"><h2>${t('dashboard.trend_title')}</h2>
<nav class="ranges" aria-label="${t('dashboard.trend_range')}"><ul>${ranges.map(
    ({ text, href, isChosen }) => html`<li><a href="${href}"${isChosen && html` aria-current="true"`}>${text}</a></li>`,
  )}</ul></nav>
${chartFigure(chart)}
${details(t('dashboard.chart_table'), figuresTable(chrome, t('dashboard.trend_title'), rows))}</section>`;
}

/** Day by day, each figure with what it is made of. */
export function figuresTable({ t }: Chrome, caption: string, rows: TrendModel['rows']): Html {
  return dataTable({
    caption,
    columns: [
      { text: t('statistics.day') },
      { text: t('statistics.percent'), isNumeric: true },
      { text: `${t('statistics.numerator')} / ${t('statistics.denominator')}`, isNumeric: true },
    ],
    rows: rows.map(({ day, figure }) => [day, figure.text, figure.fraction ?? '']),
  });
}

function targetBody({ t }: Chrome, { rows, due }: ProgressModel, chart: ChartFigureModel): Html {
  return html`${chartFigure(chart)}
<p class="hint">${t('dashboard.forecast_method')}</p>
${details(
  t('dashboard.chart_table'),
  dataTable({
    caption: t('dashboard.progress_title', { due }),
    columns: [
      { text: t('dashboard.week_end') },
      { text: t('dashboard.persons'), isNumeric: true },
      { text: t('dashboard.share_of_target'), isNumeric: true },
    ],
    rows,
  }),
)}`;
}

function ratesBody(chrome: Chrome, { rates, dataHref }: DashboardModel): Html {
  const { t } = chrome;
  return html`<p>${t('statistics.lead')}</p>
<div class="rates">${cards(rates.map((rate) => rateCard(chrome, rate)))}</div>
<ul class="links"><li><a href="${dataHref}">${t('statistics.data_link')}</a></li><li><a href="/statistics/report">${t('dashboard.report_link')}</a></li><li><a href="/statistics/open-data">${t('open_data.title')}</a></li></ul>`;
}

export function rateCard(chrome: Chrome, { figure, definition: terms }: RateCardModel): Html {
  return html`<div class="card rate"><h3>${terms.name}</h3>
<p class="rate-value${figure.kind !== 'shown' && ' is-words'}">${figure.text}</p>
${figure.fraction !== undefined && html`<p class="rate-fraction">${figure.fraction}</p>`}
${definition(chrome, terms)}</div>`;
}

function unitsBody(chrome: Chrome, { units, access }: DashboardModel): Html {
  const { t } = chrome;
  return html`<p>${units.moment}</p>
${accessNote(chrome, access)}
${units.choices.length > 0 && unitForm(chrome, units.choices)}
<p><a href="/statistics/compare">${t('analysis.compare_title')}</a></p>
<h3>${t('dashboard.tiles_title')}</h3>${chartFigure(units.tiles, tileLinks(units.tileLinks))}
<h3>${t(units.isCut ? 'dashboard.ranking_title' : 'dashboard.ranking_title_all')}</h3>${chartFigure(units.ranking)}
${printed(details(t('dashboard.units_table', { count: units.choices.length }), unitsRanking(units.table)))}
${
  units.multiples !== undefined &&
  html`<h3>${t('dashboard.multiples_title')}</h3>${chartFigure(units.multiples)}
${details(t('dashboard.multiples_table'), monthsTable(units.months))}`
}`;
}

/** On paper it lies open. */
function printed(content: Content): Html {
  return html`<div class="is-printed">${content}</div>`;
}

function unitForm(chrome: Chrome, options: DashboardModel['units']['choices']): Html {
  const { t } = chrome;
  return html`<section class="filter" aria-label="${t('dashboard.unit_choose')}">${form(
    chrome,
    { action: '/statistics/units', method: 'get' },
    [
      selectField({ name: 'code', label: t('dashboard.unit_choose'), value: '', options }),
      secondaryButton(t('dashboard.unit_button')),
    ],
  )}</section>`;
}

function channelsBody(chrome: Chrome, { channels, channelsChart }: DashboardModel): Html {
  if (!channels.isPublished) return channelsTable(chrome, channels);
  return html`<div class="beside">${chartFigure(channelsChart)}<div>${channelsTable(chrome, channels)}</div></div>`;
}
