import type { ConsentReceipt } from '../domain/consent.ts';
import type { Db } from '../platform/database.ts';

/** A receipt with what was asked for and not allowed. */
export type Consent = ConsentReceipt & {
  readonly refusedScopes: readonly string[];
  readonly refusedClaims: readonly string[];
};

type ConsentRow = {
  id: string;
  account_id: string;
  client_id: string;
  grant_id: string | null;
  scopes: string;
  claims: string;
  refused: string;
  purpose: string;
  text_version: string;
  locale: 'vi' | 'en';
  given_at: number;
  withdrawn_at: number | null;
};

/** `grantId`: the provider's grant, where it was made first. */
export async function insertConsent(
  tx: Db,
  consent: Omit<Consent, 'withdrawnAt'> & { grantId?: string },
): Promise<void> {
  const row: ConsentRow = {
    id: consent.id,
    account_id: consent.accountId,
    client_id: consent.clientId,
    grant_id: consent.grantId ?? null,
    scopes: consent.scopes.join(' '),
    claims: consent.claims.join(' '),
    // A scope and a claim may share a name (email), so each says which it is.
    refused: [
      ...consent.refusedScopes.map((name) => `scope:${name}`),
      ...consent.refusedClaims.map((name) => `claim:${name}`),
    ].join(' '),
    purpose: consent.purpose,
    text_version: consent.textVersion,
    locale: consent.locale,
    given_at: consent.givenAt.getTime(),
    withdrawn_at: null,
  };
  await tx('consents').insert(row);
}

/** Names the provider's grant that a consent became: it is made after the receipt, so that nothing is granted without proof. */
export async function changeConsentGrant(db: Db, id: string, grantId: string): Promise<boolean> {
  return (await db('consents').where({ id }).update({ grant_id: grantId })) === 1;
}

/** Every receipt of an account, newest first, withdrawn ones too: the proof is kept. */
export async function listConsents(db: Db, accountId: string): Promise<Consent[]> {
  const rows = (await db('consents')
    .where({ account_id: accountId })
    .orderBy([
      { column: 'given_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])) as ConsentRow[];
  return rows.map(consentOf);
}

/** What holds today between an account and a relying party; several receipts when the request grew over time. Newest first. */
export async function listStandingConsents(db: Db, accountId: string, clientId: string): Promise<Consent[]> {
  const rows = (await db('consents')
    .where({ account_id: accountId, client_id: clientId })
    .whereNull('withdrawn_at')
    .orderBy([
      { column: 'given_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])) as ConsentRow[];
  return rows.map(consentOf);
}

/** @returns how many receipts stood until now. */
export async function changeConsentsWithdrawn(tx: Db, accountId: string, clientId: string, at: Date): Promise<number> {
  return tx('consents')
    .where({ account_id: accountId, client_id: clientId })
    .whereNull('withdrawn_at')
    .update({ withdrawn_at: at.getTime() });
}

function consentOf(row: ConsentRow): Consent {
  const refused = words(row.refused);
  const named = (prefix: string): string[] =>
    refused.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  return {
    id: row.id,
    accountId: row.account_id,
    clientId: row.client_id,
    scopes: words(row.scopes),
    claims: words(row.claims),
    refusedScopes: named('scope:'),
    refusedClaims: named('claim:'),
    purpose: row.purpose,
    textVersion: row.text_version,
    locale: row.locale,
    givenAt: new Date(row.given_at),
    withdrawnAt: row.withdrawn_at === null ? undefined : new Date(row.withdrawn_at),
  };
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
