/** A published figure as an equation: the sum of unknown counts, each times its coefficient, is `value`. */
export type Equation = { coefficients: readonly number[]; value: number };

/** For each target (indexes of unknowns whose sum is wanted): its value when the equations alone determine it, else undefined. Gaussian elimination
 *  in floating point, which is exact enough for coefficients 0 and 1 and a few dozen unknowns. */
export function determinedCells(
  equations: readonly Equation[],
  targets: readonly (readonly number[])[],
): (number | undefined)[] {
  const rows: { coefficients: number[]; value: number; pivot: number }[] = [];
  for (const { coefficients, value } of equations) {
    const row = reduced(rows, { coefficients: [...coefficients], value });
    const pivot = row.coefficients.findIndex(isNotZero);
    if (pivot === -1) continue;
    const factor = row.coefficients[pivot] as number;
    rows.push({ coefficients: row.coefficients.map((one) => one / factor), value: row.value / factor, pivot });
  }
  const width = equations[0]?.coefficients.length ?? 0;
  return targets.map((indexes) => {
    const coefficients = Array.from({ length: width }, (_, index) => (indexes.includes(index) ? 1 : 0));
    const rest = reduced(rows, { coefficients, value: 0 });
    return width > 0 && !rest.coefficients.some(isNotZero) ? Math.round(-rest.value) : undefined;
  });
}

function reduced(
  rows: readonly { coefficients: readonly number[]; value: number; pivot: number }[],
  row: { coefficients: number[]; value: number },
): { coefficients: number[]; value: number } {
  let { coefficients, value } = row;
  for (const known of rows) {
    const factor = coefficients[known.pivot] ?? 0;
    if (!isNotZero(factor)) continue;
    coefficients = coefficients.map((one, index) => one - factor * (known.coefficients[index] ?? 0));
    value -= factor * known.value;
  }
  return { coefficients, value };
}

const isNotZero = (value: number): boolean => Math.abs(value) > 1e-9;
