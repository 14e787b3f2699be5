import { DENOMINATOR_COLUMNS, type DenominatorFact, readDenominator } from '../../domain/denominator.ts';
import { type Denominator, insertDenominators, listDenominatorVersions } from '../stores/denominator-store.ts';
import type { VersionedKind } from './import-records.ts';

type Known = DenominatorFact & { readonly version: number };

/** Populations and targets, for `importRecords`. */
export const BASES: VersionedKind<(typeof DENOMINATOR_COLUMNS)[number], DenominatorFact, Known> = {
  columns: DENOMINATOR_COLUMNS,
  action: 'statistics.bases_imported',
  read: readDenominator,
  keyOf: ({ basis, unitCode, asOfOn, ageMin }) => [basis, unitCode, asOfOn, ageMin].join('|'),
  isSame: (known, fact) => known.quantity === fact.quantity && known.source === fact.source,
  hasReason: ({ reason }) => reason !== undefined,
  listVersions: async (tx) => (await listDenominatorVersions(tx)).map(({ reason, ...rest }) => ({ ...rest, reason })),
  insert: (tx, versions) =>
    insertDenominators(
      tx,
      versions.map(({ fact: { reason, ...fact }, version, recordedAt }): Denominator => {
        return { ...fact, version, recordedAt, ...(reason === undefined ? {} : { reason }) };
      }),
    ),
};
