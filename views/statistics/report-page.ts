import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { actions, linkButton, secondaryButton } from '../components/buttons.ts';
import { type Column, dataTable } from '../components/data-table.ts';
import { selectField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Content, Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type ChannelsModel, channelsTable } from './channels-table.ts';
import { type FigureModel, figureCell } from './figure-cell.ts';
import { type UnitsTableModel, unitsTable } from './units-table.ts';

type Choice = { readonly value: string; readonly text: string };

export type ReportPageModel = {
  readonly title: string;
  readonly place: string;
  readonly asOf: string;
  readonly knownOn: string | undefined;
  readonly isPublic: boolean;
  readonly filter: {
    readonly kind: string;
    readonly kinds: readonly Choice[];
    readonly of: string;
    readonly unit: string;
    readonly units: readonly Choice[];
  };
  readonly rates: readonly {
    readonly name: string;
    readonly definition: string;
    readonly atEnd: FigureModel;
    readonly before: FigureModel | undefined;
    readonly change: string;
  }[];
  readonly activity: readonly { readonly name: string; readonly total: string; readonly levels: readonly string[] }[];
  readonly units: UnitsTableModel | undefined;
  readonly channels: ChannelsModel | undefined;
  readonly backlog: readonly { readonly name: string; readonly count: string }[] | undefined;
  readonly links: {
    readonly csv: string;
    readonly xlsx: string;
    readonly json: string;
    readonly previous: string;
    readonly next: string | undefined;
  };
};

export function reportPage(chrome: Chrome, model: ReportPageModel): Html {
  const { t } = chrome;
  const { links } = model;
  return layout(chrome, {
    title: `${model.title} · ${model.place}`,
    main: html`<div class="statistics report">
<h1>${model.title}</h1>
<p class="lead" lang="vi">${model.place}</p>
<p class="as-of">${model.asOf}</p>
${model.knownOn !== undefined && html`<p class="hint">${model.knownOn}</p>`}
${model.isPublic && notice('info', html`${t('report.public')} <a href="/statistics/token">${t('statistics.token_link')}</a>`)}
${filterForm(chrome, model)}
${actions(
  linkButton(t('report.download_xlsx'), links.xlsx),
  linkButton(t('report.download_csv'), links.csv),
  linkButton(t('report.download_json'), links.json),
  html`<a href="${links.previous}">${t('report.previous')}</a>`,
  links.next !== undefined && html`<a href="${links.next}">${t('report.next')}</a>`,
)}
${section(t('report.rates'), ratesTable(chrome, model))}
${model.activity.length > 0 && section(t('report.activity'), activityTable(chrome, model))}
${model.backlog !== undefined && section(t('report.backlog'), backlogTable(chrome, model.backlog))}
${model.channels !== undefined && section(t('report.channels'), channelsTable(chrome, model.channels))}
${model.units !== undefined && section(t('report.units'), unitsTable(model.units))}
${section(t('report.definitions'), definitions(chrome, model))}
</div>`,
  });
}

function section(title: string, body: Html): Html {
  return html`<section><h2>${title}</h2>${body}</section>`;
}

function filterForm(chrome: Chrome, { filter }: ReportPageModel): Html {
  const { t } = chrome;
  return html`<section class="filter" aria-label="${t('report.kind')}">${form(
    chrome,
    { action: '/statistics/report', method: 'get' },
    [
      selectField({ name: 'period', label: t('report.kind'), value: filter.kind, options: filter.kinds }),
      textField({ name: 'of', label: t('report.of'), type: 'date', value: filter.of }),
      filter.units.length > 1 &&
        selectField({ name: 'unit', label: t('report.unit'), value: filter.unit, options: filter.units }),
      secondaryButton(t('report.show')),
    ],
  )}</section>`;
}

function ratesTable({ t }: Chrome, { rates }: ReportPageModel): Html {
  const hidden = t('statistics.not_published_sign');
  return dataTable({
    caption: t('report.rates_caption'),
    onPhone: 'stack',
    columns: [t('report.rate'), t('report.at_end'), t('report.before'), t('report.change')].map(numericAfterFirst),
    rows: rates.map(({ name, atEnd, before, change }): Content[] => [
      name,
      figureCell(atEnd, hidden),
      before === undefined ? '–' : figureCell(before, hidden),
      change === '' ? '–' : change,
    ]),
  });
}

function activityTable({ t }: Chrome, { activity }: ReportPageModel): Html {
  const hasLevels = activity.some(({ levels }) => levels.length > 0);
  const levels = hasLevels ? [t('report.level_1'), t('report.level_2')] : [];
  return dataTable({
    caption: t('report.activity_caption'),
    columns: [t('report.measure'), t('report.total'), ...levels].map(numericAfterFirst),
    rows: activity.map((row) => [row.name, row.total, ...row.levels]),
  });
}

function backlogTable({ t }: Chrome, backlog: NonNullable<ReportPageModel['backlog']>): Html {
  return dataTable({
    caption: t('report.backlog_caption'),
    columns: [t('report.backlog_days'), t('report.backlog_count')].map(numericAfterFirst),
    rows: backlog.map(({ name, count }) => [name, count]),
  });
}

function definitions({ t }: Chrome, { rates }: ReportPageModel): Html {
  return html`<dl class="definitions">${rates.map(
    ({ name, definition }) => html`<dt>${name}</dt><dd>${definition}</dd>`,
  )}</dl><p class="hint">${t('statistics.rounding')}</p>`;
}

function numericAfterFirst(text: string, index: number): Column {
  return { text, isNumeric: index > 0 };
}
