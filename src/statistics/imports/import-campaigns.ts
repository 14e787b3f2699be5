import { CAMPAIGN_COLUMNS, type Campaign, readCampaign } from '../../domain/campaign.ts';
import { type CampaignVersion, insertCampaigns, listCampaignVersions } from '../stores/campaign-store.ts';
import type { VersionedKind } from './import-records.ts';

/** Campaigns and dated notes, for `importRecords`. */
export const CAMPAIGNS: VersionedKind<(typeof CAMPAIGN_COLUMNS)[number], Campaign, CampaignVersion> = {
  columns: CAMPAIGN_COLUMNS,
  action: 'statistics.campaigns_imported',
  read: readCampaign,
  keyOf: ({ key }) => key,
  isSame: (known, fact) => whatItSays(known) === whatItSays(fact),
  hasReason: ({ reason }) => reason !== undefined,
  listVersions: listCampaignVersions,
  insert: (tx, versions) =>
    insertCampaigns(
      tx,
      versions.map(({ fact, version, recordedAt }) => ({ ...fact, version, recordedAt })),
    ),
};

function whatItSays({ kind, nameVi, nameEn, fromOn, toOn, unitCodes, target, note, source }: Campaign): string {
  return JSON.stringify([kind, nameVi, nameEn, fromOn, toOn, unitCodes, target ?? null, note, source]);
}
