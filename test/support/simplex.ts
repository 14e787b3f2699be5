/** A sum of unknowns (by index), each as many times as it stands, that is known. */
export type KnownSum = { readonly of: readonly number[]; readonly less?: readonly number[]; readonly value: number };

const TINY = 1e-7;

/** What whoever knows these sums, and that no unknown is negative, can say of others: the least and the most that each can be. Linear programming (two-phase
 *  simplex, Bland's rule), so nothing that follows from the sums is missed but what follows from numbers being whole. */
export function boundsOf(
  width: number,
  known: readonly KnownSum[],
  targets: readonly (readonly number[])[],
): { least: number; most: number }[] {
  const start = feasible(width, known);
  return targets.map((target) => {
    const objective = Array.from({ length: width }, () => 0);
    for (const index of target) objective[index] = (objective[index] ?? 0) + 1;
    const least = minimise(copy(start), objective);
    const most = -minimise(
      copy(start),
      objective.map((one) => -one),
    );
    return { least, most };
  });
}

/** Rows: coefficients of the unknowns, then the value; the unknown at `basis[row]` stands alone in its row. */
type Tableau = { rows: number[][]; basis: number[]; width: number };

function copy({ rows, basis, width }: Tableau): Tableau {
  return { rows: rows.map((row) => [...row]), basis: [...basis], width };
}

function feasible(width: number, known: readonly KnownSum[]): Tableau {
  const rows = independent(
    width,
    known.map(({ of, less = [], value }) => {
      const row = Array.from({ length: width + 1 }, () => 0);
      for (const index of of) row[index] = (row[index] ?? 0) + 1;
      for (const index of less) row[index] = (row[index] ?? 0) - 1;
      row[width] = value;
      return row;
    }),
  );
  const count = rows.length;
  const wide = rows.map((row, at) => {
    const sign = (row[width] as number) < 0 ? -1 : 1;
    const helpers = Array.from({ length: count }, (_, index) => (index === at ? 1 : 0));
    return [...row.slice(0, width).map((one) => one * sign), ...helpers, (row[width] as number) * sign];
  });
  const tableau = { rows: wide, basis: rows.map((_, at) => width + at), width: width + count };
  const helpers = Array.from({ length: width + count }, (_, index) => (index < width ? 0 : 1));
  if (minimise(tableau, helpers) > 1e-4) throw new Error('What was published contradicts itself.');
  for (const [at, basis] of tableau.basis.entries()) {
    if (basis < width) continue;
    const column = (tableau.rows[at] as number[]).findIndex((one, index) => index < width && Math.abs(one) > TINY);
    if (column !== -1) pivot(tableau, at, column);
  }
  const kept = [...tableau.basis.keys()].filter((at) => (tableau.basis[at] as number) < width);
  return {
    rows: kept.map((at) => [
      ...(tableau.rows[at] as number[]).slice(0, width),
      (tableau.rows[at] as number[])[tableau.width] as number,
    ]),
    basis: kept.map((at) => tableau.basis[at] as number),
    width,
  };
}

/** The same without what follows from the others. */
function independent(width: number, rows: readonly number[][]): number[][] {
  const reduced: { row: number[]; pivot: number }[] = [];
  const kept: number[][] = [];
  for (const original of rows) {
    const row = [...original];
    for (const known of reduced) {
      const factor = row[known.pivot] as number;
      if (Math.abs(factor) > TINY)
        for (let at = 0; at <= width; at += 1) row[at] = (row[at] as number) - factor * (known.row[at] as number);
    }
    const pivotAt = row.findIndex((one, index) => index < width && Math.abs(one) > TINY);
    if (pivotAt === -1) {
      if (Math.abs(row[width] as number) > 1e-4) throw new Error('What was published contradicts itself.');
      continue;
    }
    const factor = row[pivotAt] as number;
    reduced.push({ row: row.map((one) => one / factor), pivot: pivotAt });
    kept.push([...original]);
  }
  return kept;
}

/** The row whose basis gives way, by Bland's rule among equals; -1 where the column is unbounded. */
function leavingRow({ rows, basis, width }: Tableau, entering: number): number {
  let leaving = -1;
  let least = Infinity;
  for (const [at, row] of rows.entries()) {
    const coefficient = row[entering] as number;
    if (coefficient <= TINY) continue;
    const ratio = (row[width] as number) / coefficient;
    if (ratio < least - TINY || (ratio < least + TINY && (basis[at] as number) < (basis[leaving] ?? Infinity)))
      [least, leaving] = [ratio, at];
  }
  return leaving;
}

function minimise(tableau: Tableau, objective: readonly number[]): number {
  const { rows, basis, width } = tableau;
  const cost = [...objective, 0];
  for (const [at, column] of basis.entries()) {
    const factor = cost[column] as number;
    if (factor !== 0)
      for (let index = 0; index <= width; index += 1)
        cost[index] = (cost[index] as number) - factor * ((rows[at] as number[])[index] as number);
  }
  for (;;) {
    const entering = cost.findIndex((one, index) => index < width && one < -TINY);
    if (entering === -1) return -(cost[width] as number);
    const leaving = leavingRow(tableau, entering);
    if (leaving === -1) return -Infinity;
    pivot(tableau, leaving, entering);
    const factor = cost[entering] as number;
    for (let index = 0; index <= width; index += 1)
      cost[index] = (cost[index] as number) - factor * ((rows[leaving] as number[])[index] as number);
  }
}

function pivot({ rows, basis, width }: Tableau, at: number, column: number): void {
  const row = rows[at] as number[];
  const factor = row[column] as number;
  for (let index = 0; index <= width; index += 1) row[index] = (row[index] as number) / factor;
  for (const [other, target] of rows.entries()) {
    const times = target[column] as number;
    if (other === at || Math.abs(times) < 1e-12) continue;
    for (let index = 0; index <= width; index += 1)
      target[index] = (target[index] as number) - times * (row[index] as number);
  }
  basis[at] = column;
}
