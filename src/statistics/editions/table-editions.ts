import { type CountLayers, type LayersShown, protectEdition } from '../../domain/suppression.ts';

/** `counts`: all that publishing gives away, layer by layer (`protectTable`). `totals`: what its layers grow by, of which small growth tells on few. */
export type Tally = { readonly counts: CountLayers; readonly totals: CountLayers };

/** A table at the end of a month, its rows by key. */
export type EditionTable = { readonly total: Tally; readonly rows: ReadonlyMap<string, Tally> };

type Known = {
  readonly layersKnown: LayersShown;
  readonly seen: CountLayers;
  readonly totalSeen: CountLayers;
  /** Totals of the edition before, its own and the whole's. */
  readonly before: CountLayers;
  readonly totalBefore: CountLayers;
  readonly layersBefore: LayersShown;
};

/** How many layers of each row are published anew. */
export type Shown = ReadonlyMap<string, LayersShown>;

/** One table published month after month, to readers who keep every month (`protectEdition`): called with each month's, in their order, it says what is shown anew.
 *  What is not, was told before or is in a sum with others. */
export function editions(): (table: EditionTable, hidden?: ReadonlySet<string>) => { total: LayersShown; rows: Shown } {
  const known = new Map<string, Known>();
  return ({ total, rows }, hidden = new Set()) => {
    const keys = [...rows.keys()];
    const editionRows = [...rows].map(([key, { counts, totals }]) => {
      const before = known.get(key);
      const news = newsOf(totals, before?.seen);
      return {
        counts,
        news,
        grown: newsOf(totals, before?.before),
        totalGrown: newsOf(total.totals, before?.totalBefore),
        totalNews: newsOf(total.totals, before?.totalSeen),
        layersKnown: before?.layersKnown ?? 0,
        layersBefore: before?.layersBefore,
      };
    });
    const hiddenRows = new Set(keys.flatMap((key, index) => (hidden.has(key) ? [index] : [])));
    const shown = protectEdition(total.counts, editionRows, { hidden: hiddenRows });
    const shownRows = new Map(keys.map((key, index) => [key, shown.rows[index] ?? 0]));
    for (const [key, { totals }] of rows)
      known.set(key, nextKnown(known.get(key), { own: totals, whole: total.totals, shown: shownRows.get(key) ?? 0 }));
    return { total: shown.total, rows: shownRows };
  };
}

/** What was shown once and is not this time stays known as it was. What never was is known in a sum with others. */
function nextKnown(
  before: Known | undefined,
  now: { own: CountLayers; whole: CountLayers; shown: LayersShown },
): Known {
  const layersKnown = before?.layersKnown ?? 0;
  const kept = (layers: CountLayers, seen: CountLayers | undefined): CountLayers =>
    layers.map((layer, at) => (now.shown <= at && at < layersKnown ? (seen?.[at] ?? layer) : layer));
  return {
    layersKnown: Math.max(layersKnown, now.shown),
    seen: kept(now.own, before?.seen),
    totalSeen: kept(now.whole, before?.totalSeen),
    before: now.own,
    totalBefore: now.whole,
    layersBefore: now.shown,
  };
}

export function newsOf(totals: CountLayers, seen: CountLayers | undefined): CountLayers {
  return totals.map((layer, at) => layer.map((total, column) => total - (seen?.[at]?.[column] ?? 0)));
}
