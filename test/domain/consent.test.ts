import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConsentReceipt, consentDelta, consentGiven, consentTextVersion } from '../../src/domain/consent.ts';

const receipt: ConsentReceipt = {
  id: 'receipt-1',
  accountId: 'account-1',
  clientId: 'ihanoi',
  scopes: ['openid', 'profile'],
  claims: ['phone_number'],
  purpose: 'sign_in',
  textVersion: consentTextVersion,
  locale: 'vi',
  givenAt: new Date('2026-01-05T09:00:00+07:00'),
  withdrawnAt: undefined,
};

describe('consent', () => {
  it('is asked again only for what the request grew by', () => {
    expect(consentDelta({ asked: ['openid', 'profile'], given: ['profile', 'openid', 'phone'] })).toEqual([]);
    expect(consentDelta({ asked: ['openid', 'residence', 'residence'], given: ['openid'] })).toEqual(['residence']);
  });

  it('once given for the delta covers the whole request', () => {
    const items = fc.array(fc.constantFrom('openid', 'profile', 'phone', 'residence', 'citizen_id'));
    fc.assert(
      fc.property(items, items, (asked, given) => {
        const delta = consentDelta({ asked, given });
        expect(consentDelta({ asked, given: [...given, ...delta] })).toEqual([]);
      }),
    );
  });

  it('holds for its purpose and until it is withdrawn', () => {
    expect(consentGiven([receipt], 'sign_in')).toEqual(['openid', 'profile', 'phone_number']);
    expect(consentGiven([receipt], 'form_prefill')).toEqual([]);
    expect(consentGiven([{ ...receipt, withdrawnAt: receipt.givenAt }], 'sign_in')).toEqual([]);
  });
});
