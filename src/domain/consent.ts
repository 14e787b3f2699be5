/** Proof of one consent: who allowed whom to receive what, for which purpose, under which words.
 *  Kept after a withdrawal. Source: Law 91/2025/QH15, Decree 356/2025/NĐ-CP (proof kept and verifiable). */
export type ConsentReceipt = {
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Claims asked for one by one, beyond those of the scopes. */
  readonly claims: readonly string[];
  readonly purpose: string;
  /** Version of the words that were on the page: {@link consentTextVersion}. */
  readonly textVersion: string;
  readonly locale: 'vi' | 'en';
  readonly givenAt: Date;
  /** Undefined while the consent holds. */
  readonly withdrawnAt: Date | undefined;
};

/** Version of the consent page's wording. Raise it whenever the texts under `consent.` change in meaning. */
export const consentTextVersion = '2026-01';

/** What is asked and not yet given, in the order asked. Empty: nothing to ask. Asked again only when the request grew. */
export function consentDelta(request: {
  readonly asked: readonly string[];
  readonly given: readonly string[];
}): readonly string[] {
  return [...new Set(request.asked)].filter((item) => !request.given.includes(item));
}

/** Scopes and claims that hold today for `purpose`. A consent to one purpose says nothing about another. */
export function consentGiven(receipts: readonly ConsentReceipt[], purpose: string): readonly string[] {
  const live = receipts.filter((receipt) => receipt.withdrawnAt === undefined && receipt.purpose === purpose);
  return [...new Set(live.flatMap((receipt) => [...receipt.scopes, ...receipt.claims]))];
}
