import { COUNTRY_OF_BIRTH_CODES, HANOI_DISTRICTS, HANOI_UNITS, PROVINCES_OF_BIRTH } from './place-data.ts';
import type { CalendarDate } from './viet-nam-time.ts';

/** Unit types by their legal Vietnamese names. */
export type UnitType = 'thành phố' | 'quận' | 'huyện' | 'thị xã' | 'phường' | 'xã';

/** An administrative unit during the days on which it existed. A fact keeps the unit of the day on which it happened. */
export type Unit = {
  readonly code: string;
  readonly name: string;
  readonly type: UnitType;
  /** Code of the unit above; absent for a province. */
  readonly parent?: string;
  /** First day of the unit. */
  readonly validFrom: CalendarDate;
  /** Last day of the unit; absent while it exists. */
  readonly validTo?: CalendarDate;
};

/** A named set of units that a report is drawn over. */
export type Geography = 'hanoi_districts_2023' | 'hanoi_units_2025';

/** Hà Nội in the codes of the General Statistics Office. */
export const HANOI_CODE = '01';

/** Citizen ids of personas, fixtures and synthetic people begin with this unassigned code (design: no real person can be hit). */
export const SYNTHETIC_BIRTHPLACE_CODE = '999';

/** First day of the two-tier administration: districts end the day before. */
export const TWO_TIER_FROM: CalendarDate = '2025-07-01';

/** The district list has stood since the split of Từ Liêm (unverified); no fact of this system is older. */
const DISTRICTS_FROM: CalendarDate = '2014-04-01';

const HANOI: Unit = { code: HANOI_CODE, name: 'Hà Nội', type: 'thành phố', validFrom: DISTRICTS_FROM };

const UNITS: Readonly<Record<Geography, readonly Unit[]>> = {
  hanoi_districts_2023: HANOI_DISTRICTS.map(([code, name, type]) => ({
    code,
    name,
    type,
    parent: HANOI_CODE,
    validFrom: DISTRICTS_FROM,
    validTo: '2025-06-30',
  })),
  hanoi_units_2025: HANOI_UNITS.map(([code, name, type]) => ({
    code,
    name,
    type,
    parent: HANOI_CODE,
    validFrom: TWO_TIER_FROM,
  })),
};

/** Every unit known from the start, abolished ones too. */
export const KNOWN_UNITS: readonly Unit[] = [HANOI, ...UNITS.hanoi_districts_2023, ...UNITS.hanoi_units_2025];

const UNIT_BY_CODE: ReadonlyMap<string, Unit> = new Map(KNOWN_UNITS.map((unit) => [unit.code, unit]));

const PROVINCE_BY_BIRTH_CODE: ReadonlyMap<string, string> = new Map(
  PROVINCES_OF_BIRTH.map(([code, name]) => [code, name]),
);

/** Units of `geography` in the order of their codes. */
export function unitsOf(geography: Geography): readonly Unit[] {
  return UNITS[geography];
}

/** The unit with this code, abolished or not. Codes of abolished units are never given out again. */
export function findUnit(code: string): Unit | undefined {
  return UNIT_BY_CODE.get(code);
}

/** The unit as an address or a form writes it: `Phường Ba Đình`; a province goes by its name alone. */
export function fullUnitName({ name, type }: Pick<Unit, 'name' | 'type'>): string {
  return type === 'thành phố' ? name : `${type.charAt(0).toUpperCase()}${type.slice(1)} ${name}`;
}

/** Whether `unit` existed on `day`. */
export function existsOn(unit: Unit, day: CalendarDate): boolean {
  return unit.validFrom <= day && (unit.validTo === undefined || day <= unit.validTo);
}

/** The set of units in force on `day`: districts until 30 June 2025, wards and communes since. */
export function geographyOn(day: CalendarDate): Geography {
  return day < TWO_TIER_FROM ? 'hanoi_districts_2023' : 'hanoi_units_2025';
}

export type BirthplaceKind = 'province' | 'country' | 'synthetic';

/** What the first three digits of a citizen id stand for; undefined when nothing was assigned to them.
 *  It is the place of birth *registration*, never of residence. */
export function birthplaceKind(code: string): BirthplaceKind | undefined {
  if (code === SYNTHETIC_BIRTHPLACE_CODE) return 'synthetic';
  if (PROVINCE_BY_BIRTH_CODE.has(code)) return 'province';
  const isCountry =
    /^\d{3}$/.test(code) && Number(code) >= COUNTRY_OF_BIRTH_CODES.first && Number(code) <= COUNTRY_OF_BIRTH_CODES.last;
  return isCountry ? 'country' : undefined;
}

/** Name of the province of birth registration as it was then ("Hà Giang", not "Tuyên Quang"); undefined for any other code. */
export function birthProvinceName(code: string): string | undefined {
  return PROVINCE_BY_BIRTH_CODE.get(code);
}
