/** Rows that are added up as they come: those with the same key become one. */
export type Sums<Row> = {
  add(row: Row): void;
  /** One row a key, in key order, so that two transactions never wait for each other's rows. What comes to nothing is left out. */
  rows(): Row[];
};

/** An import adds some twenty rows for each of its own: each value of a key's column is numbered, and the key is a text of these numbers, a character each. Putting
 *  the values themselves into a text costs three times as much, and several times the memory. */
export function createSums<Row extends object>(
  key: readonly (keyof Row & string)[],
  quantities: readonly (keyof Row & string)[],
): Sums<Row> {
  const numbers = key.map(() => new Map<unknown, number>());
  const places = new Map<string, number>();
  /** The quantities of each key lie side by side. */
  const totals: number[] = [];
  const packed = key.map(() => 0);
  const template: Record<string, unknown> = Object.fromEntries([...key, ...quantities].map((name) => [name, 0]));
  const textOf = (row: Row): string => {
    for (let at = 0; at < key.length; at += 1)
      packed[at] = numberOf(numbers[at] as Map<unknown, number>, row[key[at] as keyof Row]);
    return String.fromCharCode(...packed);
  };
  return {
    add(row) {
      const text = textOf(row);
      const known = places.get(text);
      const place = known ?? totals.length;
      if (known === undefined) places.set(text, place);
      for (let at = 0; at < quantities.length; at += 1)
        totals[place + at] = (totals[place + at] ?? 0) + (row[quantities[at] as keyof Row] as number);
    },
    rows() {
      const columns = numbers.map(ordered);
      const rowAt = (text: string, place: number): Ranked<Row> => {
        const row = { ...template };
        let rank = 0;
        for (let at = 0; at < key.length; at += 1) {
          const { values, ranks } = columns[at] as OrderedValues;
          const number = text.charCodeAt(at);
          rank = rank * values.length + (ranks[number] as number);
          row[key[at] as string] = values[number];
        }
        for (let at = 0; at < quantities.length; at += 1) row[quantities[at] as string] = totals[place + at];
        return { rank, row: row as Row };
      };
      const ranked: Ranked<Row>[] = [];
      places.forEach((place, text) => {
        if (quantities.some((_, at) => totals[place + at] !== 0)) ranked.push(rowAt(text, place));
      });
      return ranked.toSorted((a, b) => a.rank - b.rank).map(({ row }) => row);
    },
  };
}

type Ranked<Row> = { readonly rank: number; readonly row: Row };
/** A column's values by their number, and the place of each in their order. */
type OrderedValues = { readonly values: readonly unknown[]; readonly ranks: readonly number[] };

const MOST_VALUES = 0x1_00_00;

function numberOf(numbers: Map<unknown, number>, value: unknown): number {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  if (numbers.size === MOST_VALUES) throw new RangeError('a column of a key has too many values to be added up');
  numbers.set(value, numbers.size);
  return numbers.size - 1;
}

function ordered(numbers: ReadonlyMap<unknown, number>): OrderedValues {
  const values = [...numbers.keys()];
  const ranks = Array.from<number>({ length: values.length });
  const inOrder = values.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  inOrder.forEach((value, rank) => {
    ranks[numbers.get(value) as number] = rank;
  });
  return { values, ranks };
}

/** The rows in which what was counted and the recount are not the same; a missing row is zero. */
export function differences<Key extends object>(
  counted: readonly (Key & { total: number })[],
  recounted: readonly (Key & { total: number })[],
  columns: readonly (keyof Key)[],
): (Key & { counted: number; recounted: number })[] {
  const keyOf = (row: Key): string => JSON.stringify(columns.map((column) => row[column]));
  const actual = new Map(counted.map((row) => [keyOf(row), row]));
  const expected = new Map(recounted.map((row) => [keyOf(row), row]));
  return [...new Map([...actual, ...expected])].flatMap(([text, row]) => {
    const was = actual.get(text)?.total ?? 0;
    const is = expected.get(text)?.total ?? 0;
    const key = Object.fromEntries(columns.map((column) => [column, row[column]])) as Key;
    return was === is ? [] : [{ ...key, counted: was, recounted: is }];
  });
}

/** The row as it should stand. */
export function repaired(row: object & { counted: number; recounted: number }): Record<string, string | number> {
  const columns = Object.entries(row).filter(([name]) => name !== 'counted' && name !== 'recounted');
  return { ...(Object.fromEntries(columns) as Record<string, string | number>), total: row.recounted };
}
