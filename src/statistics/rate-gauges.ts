import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Viewer } from './figures/activation-rates.ts';

/** Numbers are as of a moment, and no dearer to Prometheus than to a reader. */
const KEPT_MS = 30_000;

type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };
type Gauge = {
  readonly help: string;
  readonly labels: readonly string[];
  readonly readEach: () => Promise<readonly Sample[]>;
  readonly isShared: true;
};
type Figures = Readonly<Record<'numerators' | 'denominators' | 'late' | 'pending', readonly Sample[]>>;
const NONE: Figures = { numerators: [], denominators: [], late: [], pending: [] };

/** The rates of the whole, for an operator's dashboard: never of a unit, of which there are too many for labels. All gauges share one reading, which is kept for half a
 *  minute and never runs twice at once. While it fails there are no samples, and one line in the log.
 *  Without a port of its own `/metrics` is open to anybody: then they are those of the open view, and what is pending is not told. */
export function rateGauges(deps: {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: { readonly metricsPort: number | undefined };
}): Record<string, Gauge> {
  let kept: { readAt: number; figures: Promise<Figures> } | undefined;
  let isFailing = false;
  const read = async (): Promise<Figures> => {
    try {
      const figures = await readFigures(deps);
      isFailing = false;
      return figures;
    } catch (error) {
      if (!isFailing) deps.log.warn({ err: error }, 'rate_gauges.failed');
      isFailing = true;
      return NONE;
    }
  };
  const gauge = (help: string, labels: readonly string[], pick: (figures: Figures) => readonly Sample[]): Gauge => ({
    help,
    labels,
    isShared: true,
    readEach: async () => {
      const now = deps.clock().getTime();
      if (kept === undefined || Math.abs(now - kept.readAt) >= KEPT_MS) kept = { readAt: now, figures: read() };
      return pick(await kept.figures);
    },
  });
  return {
    activation_rate_numerator: gauge('What each rate counts, of the whole', ['rate'], ({ numerators }) => numerators),
    activation_rate_denominator: gauge(
      'What each rate of the whole is divided by; none while it is not loaded',
      ['rate'],
      ({ denominators }) => denominators,
    ),
    late_grants: gauge('Grants late, by days since the notice', ['days'], ({ late }) => late),
    pending_grants: gauge('Grants notified, not activated and not late', [], ({ pending }) => pending),
  };
}

async function readFigures({ db, clock, config }: Parameters<typeof rateGauges>[0]): Promise<Figures> {
  // Loaded when they are first read: a start pays for every module.
  const [{ activationRates, PUBLISHED_RATES }, { lateBacklog }] = await Promise.all([
    import('./figures/activation-rates.ts'),
    import('./figures/late-backlog.ts'),
  ]);
  const now = clock();
  const viewer: Viewer = { kind: config.metricsPort === undefined ? 'public' : 'full' };
  const { whole } = await activationRates(db, { now, viewer });
  const { all, ...late } = (await lateBacklog(db, { now, viewer })).counts;
  const granted = whole.activation_of_granted;
  const open = granted.kind === 'shown' ? granted.denominator - granted.numerator : 0;
  const samples = (name: string, pairs: readonly (readonly [string, number | null])[]): Sample[] =>
    pairs.flatMap(([label, value]) => (value === null ? [] : [{ labels: { [name]: label }, value }]));
  const figures = PUBLISHED_RATES.map((id) => [id, whole[id]] as const);
  return {
    numerators: samples(
      'rate',
      figures.map(([id, figure]) => [id, figure.kind === 'suppressed' ? null : figure.numerator]),
    ),
    denominators: samples(
      'rate',
      figures.map(([id, figure]) => [id, figure.kind === 'shown' ? figure.denominator : null]),
    ),
    late: samples('days', Object.entries(late)),
    // Late ones of the open view are those of another day.
    pending: viewer.kind === 'public' ? [] : [{ labels: {}, value: open - (all ?? 0) }],
  };
}
