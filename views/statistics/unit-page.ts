import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { cards } from '../components/card.ts';
import { details } from '../components/details.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type AccessModel, accessNote } from './access-note.ts';
import { type BacklogModel, backlogSection } from './backlog-section.ts';
import { type ChannelsModel, channelsTable } from './channels-table.ts';
import { type ChartFigureModel, chartFigure } from './chart-figure.ts';
import { figuresTable, type RateCardModel, rateCard, type TrendModel } from './dashboard.ts';
import { type FilterModel, filterForm } from './filter-form.ts';
import { type RebuiltModel, rebuiltSection } from './rebuilt-section.ts';
import { type WaitsModel, waitsSection } from './waits-section.ts';

export type UnitPageModel = {
  readonly name: string;
  readonly about: string | undefined;
  readonly asOf: string;
  readonly filter: FilterModel;
  /** `Hạng 3 trên 126 đơn vị`, or why there is none. */
  readonly rank: { readonly isKnown: boolean; readonly text: string };
  /** The whole city's rate, to be compared with. */
  readonly against: string;
  /** Empty where nothing is known of the unit; else the first is the one that ranks. */
  readonly rates: readonly RateCardModel[];
  readonly note: string | undefined;
  readonly trend: { readonly chart: ChartFigureModel; readonly rows: TrendModel['rows'] };
  /** Undefined where they are not shown. */
  readonly channels: ChannelsModel | undefined;
  /** Undefined where they are not shown. */
  readonly backlog: BacklogModel | undefined;
  readonly waits: WaitsModel | undefined;
  /** Undefined where it is not shown. */
  readonly rebuilt: RebuiltModel | undefined;
  readonly access: AccessModel;
  readonly compareHref: string;
  readonly backHref: string;
};

/** One unit: its figures, where it stands, how it came there. */
export function unitPage(chrome: Chrome, model: UnitPageModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('dashboard.unit_title', { name: model.name }),
    main: html`<div class="statistics"><p><a href="${model.backHref}">${t('dashboard.unit_back')}</a></p>
<h1>${t('dashboard.unit_title', { name: '' })}<span lang="vi">${model.name}</span></h1>
<p class="as-of">${model.asOf}</p>
${model.about !== undefined && html`<p class="hint">${model.about}</p>`}
${details(t('dashboard.chosen_unit'), filterForm(chrome, model.filter))}
${unitHeadline(chrome, model)}
${accessNote(chrome, model.access)}
${model.note !== undefined && html`<p class="hint">${model.note}</p>`}
<section id="trend"><h2>${t('dashboard.unit_trend')}</h2>${chartFigure(model.trend.chart)}
${details(t('dashboard.chart_table'), figuresTable(chrome, t('dashboard.unit_trend'), model.trend.rows))}</section>
<section id="rates"><h2>${t('dashboard.rates_title')}</h2><div class="rates">${cards(model.rates.map((rate) => rateCard(chrome, rate)))}</div></section>
${model.channels !== undefined && html`<section id="channels"><h2>${t('statistics.channels_title')}</h2>${channelsTable(chrome, model.channels)}</section>`}
${model.backlog !== undefined && html`<div class="part" id="backlog">${backlogSection(chrome, model.backlog)}</div>`}
${model.waits !== undefined && html`<div class="part" id="waits">${waitsSection(chrome, model.waits)}</div>`}
${model.rebuilt !== undefined && html`<div class="part" id="rebuilt">${rebuiltSection(chrome, model.rebuilt)}</div>`}</div>`,
  });
}

function unitHeadline({ t }: Chrome, { rates, rank, against, compareHref }: UnitPageModel): Html {
  const [first] = rates;
  const isShown = first?.figure.kind === 'shown';
  return html`<div class="overview"><section class="card headline"><h2>${first?.definition.name ?? t('statistics.percent')}</h2>
<p class="headline-value${!isShown && ' is-words'}">${first?.figure.text ?? t('statistics.not_published')}</p>
${first?.figure.fraction !== undefined && html`<p class="rate-fraction">${first.figure.fraction}</p>`}</section>
<section class="card"><h2>${t('dashboard.unit_place')}</h2><p class="rate-value ${rank.isKnown ? 'is-rank' : 'is-words'}">${rank.text}</p><p>${against}</p><p><a href="${compareHref}">${t('analysis.compare_title')}</a></p></section></div>`;
}
