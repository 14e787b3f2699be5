import { fullUnitName, KNOWN_UNITS } from '../domain/place.ts';
import type { Db } from '../platform/database.ts';

export type UnitRecord = {
  code: string;
  name: string;
  type: string;
  parentCode?: string;
  validFromOn: string;
  validToOn?: string;
};
type UnitRow = {
  code: string;
  name: string;
  type: string;
  parent_code: string | null;
  valid_from_on: string;
  valid_to_on: string | null;
};

/** Units valid on a day (`YYYY-MM-DD`), by code. */
export async function listUnits(db: Db, day: string): Promise<UnitRecord[]> {
  const rows = (await db('units')
    .where('valid_from_on', '<=', day)
    .andWhere((query) => void query.whereNull('valid_to_on').orWhere('valid_to_on', '>=', day))
    .orderBy('code')) as UnitRow[];
  return rows.map(unitOf);
}

/** The units with these codes, every span of validity of each. */
export async function listUnitsByCode(db: Db, codes: readonly string[]): Promise<UnitRecord[]> {
  if (codes.length === 0) return [];
  return ((await db('units').whereIn('code', codes).orderBy(['code', 'valid_from_on'])) as UnitRow[]).map(unitOf);
}

/** Loads units, leaving those already there as they are. */
export async function insertUnits(db: Db, units: readonly UnitRecord[]): Promise<void> {
  const rows = units.map((unit) => ({
    code: unit.code,
    name: unit.name,
    type: unit.type,
    parent_code: unit.parentCode ?? null,
    valid_from_on: unit.validFromOn,
    valid_to_on: unit.validToOn ?? null,
  }));
  for (let from = 0; from < rows.length; from += 100)
    await db('units')
      .insert(rows.slice(from, from + 100))
      .onConflict(['code', 'valid_from_on'])
      .ignore();
}

/** Brings the units known from the start into the register; those of other places are loaded by whoever has them. */
export function insertKnownUnits(db: Db): Promise<void> {
  return insertUnits(
    db,
    KNOWN_UNITS.map((unit) => ({
      code: unit.code,
      name: fullUnitName(unit),
      type: unit.type,
      validFromOn: unit.validFrom,
      ...(unit.parent === undefined ? {} : { parentCode: unit.parent }),
      ...(unit.validTo === undefined ? {} : { validToOn: unit.validTo }),
    })),
  );
}

function unitOf(row: UnitRow): UnitRecord {
  return {
    code: row.code,
    name: row.name,
    type: row.type,
    validFromOn: row.valid_from_on,
    ...(row.parent_code === null ? {} : { parentCode: row.parent_code }),
    ...(row.valid_to_on === null ? {} : { validToOn: row.valid_to_on }),
  };
}
