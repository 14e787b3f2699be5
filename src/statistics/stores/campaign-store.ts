import type { Campaign, CampaignKind } from '../../domain/campaign.ts';
import { insertRows } from '../../platform/bulk-rows.ts';
import type { Db } from '../../platform/database.ts';
import { newId } from '../../platform/ids.ts';

/** A campaign as it is kept. Never changed: a correction is the next version. */
export type CampaignVersion = Campaign & { readonly version: number; readonly recordedAt: Date };

type CampaignRow = {
  id: string;
  key: string;
  kind: CampaignKind;
  name_vi: string;
  name_en: string;
  from_on: string;
  to_on: string;
  unit_codes: string;
  target: number | null;
  note: string;
  source: string;
  version: number;
  reason: string | null;
  recorded_at: number;
};

/** @throws a unique violation when this version exists. */
export async function insertCampaigns(tx: Db, campaigns: readonly CampaignVersion[]): Promise<void> {
  const rows = campaigns.map(
    (one): CampaignRow => ({
      id: newId(),
      key: one.key,
      kind: one.kind,
      name_vi: one.nameVi,
      name_en: one.nameEn,
      from_on: one.fromOn,
      to_on: one.toOn,
      unit_codes: one.unitCodes.join(' '),
      target: one.target ?? null,
      note: one.note,
      source: one.source,
      version: one.version,
      reason: one.reason ?? null,
      recorded_at: one.recordedAt.getTime(),
    }),
  );
  await insertRows(tx, 'campaigns', rows);
}

/** Every version of every campaign and note, versions of one in their order. */
export async function listCampaignVersions(db: Db): Promise<CampaignVersion[]> {
  const rows = (await db('campaigns').orderBy(['key', 'version'])) as CampaignRow[];
  return rows.map((row) => ({
    key: row.key,
    kind: row.kind,
    nameVi: row.name_vi,
    nameEn: row.name_en,
    fromOn: row.from_on,
    toOn: row.to_on,
    unitCodes: row.unit_codes === '' ? [] : row.unit_codes.split(' '),
    target: row.target ?? undefined,
    note: row.note,
    source: row.source,
    version: row.version,
    reason: row.reason ?? undefined,
    recordedAt: new Date(row.recorded_at),
  }));
}

/** The latest version of each that was known at `knownAt`, in the order of their first days. */
export async function listCampaigns(db: Db, knownAt: Date): Promise<CampaignVersion[]> {
  const versions = (await listCampaignVersions(db)).filter((one) => one.recordedAt <= knownAt);
  const latest = [...new Map(versions.map((one) => [one.key, one])).values()];
  return latest.toSorted((a, b) => (a.fromOn === b.fromOn ? (a.key < b.key ? -1 : 1) : a.fromOn < b.fromOn ? -1 : 1));
}
