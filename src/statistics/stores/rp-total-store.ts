import type { RpTotal } from '../../domain/rp-total.ts';
import type { Db } from '../../platform/database.ts';
import { newId } from '../../platform/ids.ts';

export type RpTotalVersion = RpTotal & {
  readonly version: number;
  readonly recordedAt: Date;
  /** A client, or `operator` for what came in a file. */
  readonly reportedBy: string;
};

type RpTotalRow = {
  id: string;
  client_id: string;
  topic: string;
  from_on: string;
  to_on: string;
  dossiers: number;
  through_identity: number;
  basis: string;
  basis_persons: number | null;
  source: string;
  reason: string | null;
  version: number;
  reported_by: string;
  recorded_at: number;
};

/** @throws a unique violation when this version exists. */
export async function insertRpTotals(tx: Db, totals: readonly RpTotalVersion[]): Promise<void> {
  const rows = totals.map(
    (one): RpTotalRow => ({
      id: newId(),
      client_id: one.clientId,
      topic: one.topic,
      from_on: one.fromOn,
      to_on: one.toOn,
      dossiers: one.dossiers,
      through_identity: one.throughIdentity,
      basis: one.basis,
      basis_persons: one.basisPersons ?? null,
      source: one.source,
      reason: one.reason ?? null,
      version: one.version,
      reported_by: one.reportedBy,
      recorded_at: one.recordedAt.getTime(),
    }),
  );
  for (let from = 0; from < rows.length; from += 50) await tx('rp_totals').insert(rows.slice(from, from + 50));
}

/** Every version, of each period in order. */
export async function listRpTotalVersions(db: Db, clientId?: string): Promise<RpTotalVersion[]> {
  const rows = (await db('rp_totals')
    .where(clientId === undefined ? {} : { client_id: clientId })
    .orderBy(['client_id', 'topic', 'from_on', 'to_on', 'version'])) as RpTotalRow[];
  return rows.map((row) => ({
    clientId: row.client_id,
    topic: row.topic,
    fromOn: row.from_on,
    toOn: row.to_on,
    dossiers: row.dossiers,
    throughIdentity: row.through_identity,
    basis: row.basis,
    basisPersons: row.basis_persons ?? undefined,
    source: row.source,
    reason: row.reason ?? undefined,
    version: row.version,
    reportedBy: row.reported_by,
    recordedAt: new Date(row.recorded_at),
  }));
}

export function rpTotalKey({ clientId, topic, fromOn, toOn }: RpTotal): string {
  return [clientId, topic, fromOn, toOn].join('|');
}

/** The latest version of each period, in the order in which the periods were first reported. */
export async function listRpTotals(db: Db): Promise<RpTotalVersion[]> {
  const versions = await listRpTotalVersions(db);
  const first = new Map<string, number>();
  for (const one of versions) if (one.version === 1) first.set(rpTotalKey(one), one.recordedAt.getTime());
  const latest = [...new Map(versions.map((one) => [rpTotalKey(one), one])).values()];
  return latest.toSorted((a, b) => (first.get(rpTotalKey(a)) ?? 0) - (first.get(rpTotalKey(b)) ?? 0));
}
