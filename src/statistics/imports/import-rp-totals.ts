import { appendAudit } from '../../audit/audit-store.ts';
import { RP_TOTAL_COLUMNS, type RpTotal, readRpTotal } from '../../domain/rp-total.ts';
import { inTransaction, isUniqueViolation } from '../../platform/database.ts';
import { insertRpTotals, listRpTotalVersions, type RpTotalVersion, rpTotalKey } from '../stores/rp-total-store.ts';
import type { ImportDeps, VersionedKind } from './import-records.ts';

type Column = (typeof RP_TOTAL_COLUMNS)[number];

/** Totals that relying parties sent on paper, for `importRecords`. */
export const RP_TOTALS: VersionedKind<Column, RpTotal, RpTotalVersion> = {
  columns: RP_TOTAL_COLUMNS,
  action: 'statistics.totals_imported',
  read: readRpTotal,
  keyOf: rpTotalKey,
  isSame: (known, fact) => whatItSays(known) === whatItSays(fact),
  hasReason: ({ reason }) => reason !== undefined,
  listVersions: (tx) => listRpTotalVersions(tx),
  insert: (tx, versions) =>
    insertRpTotals(
      tx,
      versions.map(({ fact, version, recordedAt }) => ({ ...fact, version, recordedAt, reportedBy: 'operator' })),
    ),
};

function whatItSays({ dossiers, throughIdentity, basis, basisPersons, source }: RpTotal): string {
  return JSON.stringify([dossiers, throughIdentity, basis, basisPersons ?? null, source]);
}

export type ReportOutcome =
  | { readonly kind: 'recorded' | 'unchanged'; readonly total: RpTotalVersion }
  | { readonly kind: 'reason_needed' };

/** What a relying party reports over HTTP. Sent twice it stands once; what differs from what stands becomes the next version and needs a reason. */
export async function reportRpTotal(deps: ImportDeps, fact: RpTotal, reportedBy: string): Promise<ReportOutcome> {
  try {
    return await report(deps, fact, reportedBy);
  } catch (error) {
    // Somebody reported the same period at the same moment: now it is there to be compared with.
    if (isUniqueViolation(error)) return report(deps, fact, reportedBy);
    throw error;
  }
}

function report({ db, clock }: ImportDeps, fact: RpTotal, reportedBy: string): Promise<ReportOutcome> {
  return inTransaction(db, async (tx): Promise<ReportOutcome> => {
    const versions = await listRpTotalVersions(tx, fact.clientId);
    const before = versions.findLast((one) => rpTotalKey(one) === rpTotalKey(fact));
    if (before !== undefined && RP_TOTALS.isSame(before, fact)) return { kind: 'unchanged', total: before };
    if (before !== undefined && fact.reason === undefined) return { kind: 'reason_needed' };
    const total = { ...fact, version: (before?.version ?? 0) + 1, recordedAt: clock(), reportedBy };
    await insertRpTotals(tx, [total]);
    await appendAudit(tx, {
      at: total.recordedAt,
      actor: { kind: 'client', id: reportedBy },
      action: 'statistics.totals_reported',
      detail: { client: fact.clientId, topic: fact.topic, version: total.version },
    });
    return { kind: 'recorded', total };
  });
}
