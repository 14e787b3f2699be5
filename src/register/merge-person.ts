import type { PersonFacts } from './known-register.ts';
import { CARD_STATUSES, type PersonColumn, type PersonRecord, type RowProblem } from './person-record.ts';

/** The facts of a person whom the register does not know yet. She lives where her first row was granted, until an officer knows better; so does whoever is
 *  known without a unit (`withNewFacts`). */
export function newPersonFacts(id: string, record: PersonRecord): PersonFacts {
  return {
    id,
    kind: kindOf(record),
    fullName: record.fullName,
    birthOn: record.birthOn,
    gender: record.gender,
    nationality: record.nationality,
    residenceUnitCode: record.unitCode,
    cardStatus: record.cardStatus,
    ...(record.cardIssuedOn === undefined ? {} : { cardIssuedOn: record.cardIssuedOn }),
    ...(record.cardExpiresOn === undefined ? {} : { cardExpiresOn: record.cardExpiresOn }),
  };
}

/** What makes it doubtful that the row is about this person. */
export function personProblems(known: PersonFacts, record: PersonRecord): RowProblem[] {
  const pairs: [PersonColumn, string, string][] = [
    ['full_name', known.fullName.toLowerCase(), record.fullName.toLowerCase()],
    ['birth_date', known.birthOn, record.birthOn],
    ['sex', known.gender, record.gender],
    ['nationality', known.nationality, record.nationality],
  ];
  return pairs.filter(([, old, told]) => old !== told).map(([field]) => ({ field, reason: 'differs_from_register' }));
}

/** The person with what the row adds: what was unknown is filled in, the newer card replaces the older one, everything else stays as it is.
 *  @returns `known` itself when the row adds nothing. */
export function withNewFacts(
  known: PersonFacts,
  record: PersonRecord,
  guardianPersonId: string | undefined,
): PersonFacts {
  const added: Partial<PersonFacts> = {
    ...onlyNew(known, {
      placeOfBirth: record.placeOfBirth,
      residenceAddress: record.residenceAddress,
      residenceType: record.residenceType,
      residenceUnitCode: record.unitCode,
    }),
    ...(guardianPersonId === undefined || known.guardianPersonId !== undefined
      ? {}
      : { guardianPersonId, guardianRelationship: record.guardianRelationship ?? 'guardian' }),
  };
  const told = Object.keys(added).length === 0 ? known : { ...known, ...added };
  return withNewerCard(told, record);
}

function onlyNew<T extends Partial<PersonFacts>>(
  known: PersonFacts,
  told: { [K in keyof T]: T[K] | undefined },
): Partial<PersonFacts> {
  const entries = Object.entries(told) as [keyof PersonFacts, unknown][];
  return Object.fromEntries(entries.filter(([key, value]) => value !== undefined && known[key] === undefined));
}

/** Of two cards the one issued later; of one card the graver status. An older file therefore never brings an older card back. */
function withNewerCard(known: PersonFacts, record: PersonRecord): PersonFacts {
  const order = compareCards(record, known);
  const isSameCard = (record.cardIssuedOn ?? '') === (known.cardIssuedOn ?? '');
  const fillsIn = order === 0 && known.cardExpiresOn === undefined && record.cardExpiresOn !== undefined;
  if (order <= 0 && !fillsIn) return known;
  const { cardIssuedOn: _i, cardExpiresOn: oldExpiry, ...rest } = known;
  const expiresOn = record.cardExpiresOn ?? (isSameCard ? oldExpiry : undefined);
  return {
    ...rest,
    cardStatus: record.cardStatus,
    ...(record.cardIssuedOn === undefined ? {} : { cardIssuedOn: record.cardIssuedOn }),
    ...(expiresOn === undefined ? {} : { cardExpiresOn: expiresOn }),
  };
}

type Card = Pick<PersonFacts, 'cardStatus' | 'cardIssuedOn'> | Pick<PersonRecord, 'cardStatus' | 'cardIssuedOn'>;

function compareCards(a: Card, b: Card): number {
  const issuedA = a.cardIssuedOn ?? '';
  const issuedB = b.cardIssuedOn ?? '';
  if (issuedA !== issuedB) return issuedA > issuedB ? 1 : -1;
  return CARD_STATUSES.indexOf(a.cardStatus) - CARD_STATUSES.indexOf(b.cardStatus);
}

function kindOf(record: PersonRecord): PersonFacts['kind'] {
  return record.nationality === 'VNM' ? 'citizen' : 'foreigner';
}
