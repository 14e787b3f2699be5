/** A Vietnamese mobile number in E.164: `+84` and nine digits. */
export type PhoneNumber = string & { readonly __brand: 'PhoneNumber' };

export type PhoneNumberReason = 'empty' | 'not_vietnamese_mobile';

export type ParsedPhoneNumber =
  | { readonly ok: true; readonly value: PhoneNumber }
  | { readonly ok: false; readonly reason: PhoneNumberReason };

/** Reads a mobile number as people write it: `0912 345 678`, `84912345678`, `+84.912.345.678`.
 *  Mobile ranges begin with 3, 5, 7, 8 or 9 since the renumbering of 2018; landlines cannot receive the codes. */
export function parsePhoneNumber(text: string): ParsedPhoneNumber {
  const compact = text.normalize('NFC').replace(/[\p{White_Space}\p{Cf}\p{Dash}.()]/gu, '');
  if (compact === '') return { ok: false, reason: 'empty' };
  const subscriber = /^(?:0|84|\+84)([35789][0-9]{8})$/.exec(compact)?.[1];
  if (subscriber === undefined) return { ok: false, reason: 'not_vietnamese_mobile' };
  return { ok: true, value: `+84${subscriber}` as PhoneNumber };
}

/** The only form in which a phone number may be shown: `*** *** 123`. */
export function maskPhoneNumber(phone: PhoneNumber): string {
  return `*** *** ${phone.slice(-3)}`;
}
