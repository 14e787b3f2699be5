import { listSignIns, type SignInRecord } from '../accounts/sign-in-history-store.ts';
import type { Locale } from '../i18n/translator.ts';
import type { MyAccountDeps } from './my-account-deps.ts';

export type HistoryEntry = SignInRecord & { serviceName?: Record<Locale, string> };
export type HistoryPage = {
  entries: HistoryEntry[];
  /** Leads to older entries; undefined on the last page. */
  next?: string;
};

const PAGE_LENGTH = 20;

/** Newest first, failed tries included. `before` is the id of the last entry of the page before. */
export async function readHistory(
  deps: MyAccountDeps,
  accountId: string,
  before: string | undefined,
): Promise<HistoryPage> {
  const records = await listSignIns(deps.db, accountId, { limit: PAGE_LENGTH + 1, before });
  const shown = records.slice(0, PAGE_LENGTH);
  const names = await namesOf(deps, shown);
  const entries = shown.map((record) => {
    const serviceName = names.get(record.clientId ?? '');
    return serviceName === undefined ? record : { ...record, serviceName };
  });
  const last = records.length > PAGE_LENGTH ? shown.at(-1) : undefined;
  return { entries, ...(last === undefined ? {} : { next: last.id }) };
}

async function namesOf(
  deps: MyAccountDeps,
  records: readonly SignInRecord[],
): Promise<ReadonlyMap<string, Record<Locale, string>>> {
  const clientIds = new Set(records.map((record) => record.clientId).filter((id) => id !== undefined));
  const found = await Promise.all([...clientIds].map(async (id) => [id, (await deps.findService(id))?.name] as const));
  return new Map(found.filter((entry): entry is [string, Record<Locale, string>] => entry[1] !== undefined));
}
