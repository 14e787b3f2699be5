import type { ActivationRates, Figure, UnitFigures } from './activation-rates.ts';

export type Ranked = UnitFigures & {
  /** 1 for the highest `activation_of_granted`; the same for equals. Undefined where none is published or nothing was granted. */
  readonly rank: number | undefined;
};

/** Units of the geography by their rate of those granted, highest first; those without a rate after them, by code; what belongs to no unit last. */
export function rankUnits({ units }: Pick<ActivationRates, 'units'>): {
  ranked: readonly Ranked[];
  others: readonly UnitFigures[];
} {
  const isOfGeography = ({ unit }: UnitFigures): boolean => unit !== undefined && existsIn(units, unit);
  const own = units.rows.filter(isOfGeography);
  const sorted = own.toSorted((a, b) => compare(b, a) || (a.code < b.code ? -1 : 1));
  const ranked = sorted.map((row) => {
    const first = sorted.findIndex((other) => compare(other, row) === 0);
    return { ...row, rank: ratioOf(row.figures.activation_of_granted) === undefined ? undefined : first + 1 };
  });
  return { ranked, others: units.rows.filter((row) => !isOfGeography(row)) };
}

function existsIn(
  { moment }: ActivationRates['units'],
  { validFrom, validTo }: NonNullable<UnitFigures['unit']>,
): boolean {
  return validFrom <= moment.day && (validTo === undefined || moment.day <= validTo);
}

function compare(a: UnitFigures, b: UnitFigures): number {
  return (ratioOf(a.figures.activation_of_granted) ?? -1) - (ratioOf(b.figures.activation_of_granted) ?? -1);
}

/** To sort and shade by; printed percents are computed on whole numbers. */
export function ratioOf(figure: Figure): number | undefined {
  return figure.kind === 'shown' && figure.denominator > 0 ? figure.numerator / figure.denominator : undefined;
}
