/** How an address is answered. `page`: the same for everybody of one language; asked for again each time (`no-cache`), because who enters a token reads another page there.
 *  `data`: the same for everybody, in any cache for a while. `own`: something of the visitor's (a form, a way on) and no figures: kept by nobody. */
export type OpenAddress = {
  readonly kind: 'page' | 'data' | 'own';
  /** The parameters that decide the answer; a handler can read no other (`mayAsk`), and what else a link brings along makes no answer of its own. */
  readonly asks: readonly string[];
  /** The public view whatever token is sent along. */
  readonly forEverybody?: true;
  /** Of several types: the one that the request accepts. */
  readonly types?: readonly string[];
};

const FILTER = ['as_of', 'account_level', 'known_on'] as const;
const DASHBOARD = [...FILTER, 'range', 'due'] as const;
const DRAWING = [...DASHBOARD, 'locale', 'size'] as const;
const COMPARISON = [...FILTER, 'unit', 'with_unit', 'with_as_of'] as const;
const REPORT = [...FILTER, 'period', 'of', 'unit'] as const;
const REPORT_FILE = [...REPORT, 'locale'] as const;
const file = { kind: 'data', asks: ['as_of'], forEverybody: true } as const;

/** Everything under /statistics that is read without a role: one view, the open one, in several forms. All of it is suppressed, limited by address, and written
 *  once for all (`open-view.ts`). What stands in neither this table nor `ROLE_ADDRESSES` is answered to nobody. */
export const OPEN_ADDRESSES: Readonly<Record<string, OpenAddress>> = {
  '/statistics': { kind: 'page', asks: DASHBOARD },
  '/statistics/charts/:file': { kind: 'data', asks: DRAWING },
  '/statistics/units': { kind: 'own', asks: ['code'] },
  '/statistics/units/:code': { kind: 'page', asks: DASHBOARD },
  '/statistics/units/:code/trend.svg': { kind: 'data', asks: DRAWING },
  '/statistics/activation': { kind: 'page', asks: FILTER, types: ['html', 'json', 'csv'] },
  '/statistics/activation.json': { kind: 'data', asks: FILTER },
  '/statistics/activation.csv': { kind: 'data', asks: FILTER },
  '/statistics/campaigns.json': { kind: 'data', asks: FILTER },
  '/statistics/funnel.json': { kind: 'data', asks: [...FILTER, 'from', 'to', 'channel'] },
  '/statistics/compare': { kind: 'page', asks: COMPARISON },
  '/statistics/compare.json': { kind: 'data', asks: COMPARISON },
  '/statistics/adoption': { kind: 'page', asks: FILTER },
  '/statistics/adoption.json': { kind: 'data', asks: FILTER },
  '/statistics/report': { kind: 'page', asks: REPORT },
  '/statistics/report.json': { kind: 'data', asks: REPORT },
  '/statistics/report.csv': { kind: 'data', asks: REPORT_FILE },
  '/statistics/report.xlsx': { kind: 'data', asks: REPORT_FILE },
  '/statistics/openapi.json': { kind: 'data', asks: [], forEverybody: true },
  '/statistics/open-data': { kind: 'page', asks: [], forEverybody: true },
  '/statistics/open-data/rates.json': file,
  '/statistics/open-data/rates.csv': file,
  '/statistics/open-data/channels.json': file,
  '/statistics/open-data/channels.csv': file,
  '/statistics/open-data/backlog.json': file,
  '/statistics/open-data/backlog.csv': file,
  '/statistics/open-data/residents.json': file,
  '/statistics/open-data/residents.csv': file,
  '/statistics/open-data/funnel.json': file,
  '/statistics/open-data/funnel.csv': file,
  '/statistics/open-data/adoption.json': file,
  '/statistics/open-data/adoption.csv': file,
  '/statistics/token': { kind: 'own', asks: [], forEverybody: true },
};

/** Read with a role alone. */
export const ROLE_ADDRESSES: Readonly<Record<string, OpenAddress>> = {
  '/statistics/rebuilt.json': { kind: 'data', asks: [...FILTER, 'unit', 'geography'] },
};
