import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSecretHmac } from '../../src/relying-parties/client-secret.ts';
import { insertClient } from '../../src/relying-parties/client-store.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { errorIn, newBrowser, payloadOf, type RelyingParty, relyingParty } from './support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  for (const [id, subjectType, claimNames] of [
    ['legacy-web', 'pairwise', 'legacy'],
    ['public-web', 'public', 'standard'],
    ['other-sector', 'pairwise', 'standard'],
  ] as const)
    await insertClient(
      provider.app.db,
      {
        id,
        origin: 'operator',
        name: { vi: id, en: id },
        leastAccountLevel: 1,
        leastAuthLevel: 1,
        essentialScopes: ['openid'],
        claimNames,
        mayIntrospectAll: false,
        legalBasis: 'a law made up for a test',
        secretHmac: clientSecretHmac(provider.app.vault, `${id}-secret`),
        metadata: {
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: [id === 'other-sector' ? 'https://other.test/callback' : 'http://localhost:8080/callback'],
          subject_type: subjectType,
          id_token_signed_response_alg: 'ES256',
        },
      },
      provider.app.clock(),
    );
});
afterAll(() => provider.close());

const client = (id: string, redirectUri = 'http://localhost:8080/callback'): RelyingParty =>
  relyingParty(provider.issuer, { clientId: id, secret: `${id}-secret`, redirectUri });

const tell = async (
  rp: RelyingParty,
  persona: string,
  parameters: Record<string, string>,
): Promise<Record<string, unknown>> => {
  const { access_token } = await rp.signIn(newBrowser(), persona, parameters);
  const answer = await fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
  return (await answer.json()) as Record<string, unknown>;
};

const PROFILE = ['name', 'family_name', 'middle_name', 'given_name', 'birthdate', 'gender', 'locale', 'updated_at'];

describe('Userinfo tells exactly the claims of the scope and the account level', () => {
  it.each([
    ['openid', [], []],
    ['profile', PROFILE, PROFILE],
    ['phone', ['phone_number', 'phone_number_verified'], ['phone_number', 'phone_number_verified']],
    ['email', ['email', 'email_verified'], ['email', 'email_verified']],
    [
      'account',
      ['account_level', 'account_type', 'account_status'],
      ['account_level', 'account_type', 'account_status'],
    ],
    ['citizen_id', ['citizen_id'], []],
    ['nationality', ['nationalities', 'place_of_birth'], []],
    ['residence', ['address', 'residence_type'], []],
    ['guardian', ['acting_for', 'relationship'], []],
  ])('%s', async (scope, atLevel2, atLevel1) => {
    const keysOf = async (persona: string): Promise<string[]> =>
      Object.keys(await tell(web, persona, { scope: `openid ${scope}` })).toSorted();
    // A person without e-mail has nothing to be told of it.
    const known = async (persona: string, claims: string[]): Promise<string[]> => {
      const rows = (await provider.app
        .db('persons')
        .join('accounts', 'accounts.person_id', 'persons.id')
        .where('accounts.id', await provider.personaId(persona))
        .select('email')) as { email: string | null }[];
      return ['sub', ...claims.filter((claim) => !claim.startsWith('email') || rows[0]?.email !== null)].toSorted();
    };
    expect(await keysOf('l2-active')).toEqual(await known('l2-active', atLevel2));
    expect(await keysOf('l1-active')).toEqual(await known('l1-active', atLevel1));
    expect(await keysOf('l1-active-l2-pending')).toEqual(await known('l1-active-l2-pending', atLevel1));
  });

  it('names in the Vietnamese order, the address with its unit', async () => {
    const told = await tell(web, 'l2-active', { scope: 'openid profile residence account citizen_id' });
    expect(told).toMatchObject({
      name: 'Nguyễn Minh Anh',
      family_name: 'Nguyễn',
      middle_name: 'Minh',
      given_name: 'Anh',
      birthdate: '1990-05-12',
      gender: 'female',
      account_level: 2,
      account_type: 'citizen',
      account_status: 'active',
      address: { country: 'VN', unit_code: '00166' },
    });
    expect(told['citizen_id']).toMatch(/^999\d{9}$/);
    expect((told['address'] as { formatted: string }).formatted).toContain('phố Hoa Sữa');
  });

  it('puts no claim of a person into the ID token unless it was asked for there', async () => {
    const tokens = await web.signIn(newBrowser(), 'l2-active', { scope: 'openid profile phone' });
    expect(Object.keys(payloadOf(tokens.id_token)).toSorted()).toEqual(
      ['acr', 'amr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'sub'].toSorted(),
    );
  });
});

describe('a guardian', () => {
  it('acts for her child, whom each service knows by a subject of its own', async () => {
    const other = relyingParty(provider.issuer, {
      clientId: 'other-sector',
      secret: 'other-sector-secret',
      redirectUri: 'https://other.test/callback',
    });
    const wardsAt = async (party: RelyingParty): Promise<Record<string, string>[]> =>
      (await tell(party, 'l2-active', { scope: 'openid guardian' }))['acting_for'] as Record<string, string>[];
    const [here, there] = [await wardsAt(web), await wardsAt(other)];
    expect(here).toEqual([
      {
        sub: expect.any(String) as string,
        name: 'Nguyễn Gia Hân',
        birthdate: expect.stringMatching(/^\d{4}-/) as string,
        relationship: 'mother',
      },
    ]);
    expect(there[0]?.['sub']).not.toBe(here[0]?.['sub']);
  });

  it('is told apart from whoever has no ward', async () => {
    expect(Object.keys(await tell(web, 'foreigner', { scope: 'openid guardian' }))).toEqual(['sub']);
  });
});

describe('The claims parameter', () => {
  const claims = (userinfo: object, idToken: object = {}): { claims: string } => ({
    claims: JSON.stringify({ userinfo, id_token: idToken }),
  });

  it('opens single claims, each at its level', async () => {
    const wish = claims({ given_name: { essential: true }, nationalities: null, phone_number: null });
    expect(Object.keys(await tell(web, 'l2-active', wish)).toSorted()).toEqual(
      ['given_name', 'nationalities', 'phone_number', 'sub'].toSorted(),
    );
    expect(Object.keys(await tell(web, 'l1-active', wish)).toSorted()).toEqual(
      ['given_name', 'phone_number', 'sub'].toSorted(),
    );
  });

  it('can put a claim into the ID token', async () => {
    const tokens = await web.signIn(newBrowser(), 'l2-active', claims({}, { birthdate: null }));
    expect(payloadOf(tokens.id_token)['birthdate']).toBe('1990-05-12');
  });

  it('never opens the citizen id to a client without a legal basis', async () => {
    const spa = relyingParty(provider.issuer, { clientId: 'sandbox-spa' });
    for (const name of ['citizen_id', 'citizenPid']) {
      const answer = await newBrowser().get(
        spa.authorizeUrl({ login_hint: 'persona:l2-active', ...claims({ [name]: { essential: true } }) }),
      );
      expect(errorIn(answer)).toBe('invalid_scope');
    }
    const byScope = await newBrowser().get(
      spa.authorizeUrl({ login_hint: 'persona:l2-active', scope: 'openid citizen_id' }),
    );
    expect(errorIn(byScope)).toBe('invalid_scope');
  });

  it('is refused when it cannot be understood', async () => {
    const broken = [
      '{',
      '[]',
      '{"userinfo":{"name":1}}',
      '{"id_token":{"acr":{"essential":true,"values":"urn:vn:eid:auth:2"}}}',
      '{"id_token":{"acr":{"essential":true,"value":2}}}',
    ];
    for (const text of broken) {
      const answer = await newBrowser().get(web.authorizeUrl({ login_hint: 'persona:l2-active', claims: text }));
      expect(errorIn(answer), text).toBe('invalid_request');
    }
  });
});

describe('The old claim names', () => {
  it('are told beside the standard ones to a client registered for them, and to no other', async () => {
    const scope = { scope: 'openid profile account citizen_id' };
    const legacy = await tell(client('legacy-web'), 'l2-active', scope);
    expect(legacy).toMatchObject({
      fullName: legacy['name'],
      birthDate: legacy['birthdate'],
      accountLevel: 2,
      accountType: 'citizen',
      citizenPid: legacy['citizen_id'],
    });
    const standard = Object.keys(await tell(web, 'l2-active', scope));
    expect(standard).not.toContain('fullName');
    expect(standard).not.toContain('citizenPid');
    // They are the same claims: no way around their level.
    const level1 = Object.keys(await tell(client('legacy-web'), 'l1-active', scope));
    expect(level1).toContain('fullName');
    expect(level1).not.toContain('citizenPid');
  });
});

describe('The subject', () => {
  it('is another one in each sector, the same within one, and never the account itself', async () => {
    const subOf = async (rp: RelyingParty): Promise<unknown> => (await tell(rp, 'l2-active', {}))['sub'];
    const here = await subOf(web);
    expect(await subOf(web)).toBe(here);
    // Two clients on one origin share a sector.
    expect(await subOf(relyingParty(provider.issuer, { clientId: 'sandbox-spa' }))).toBe(here);
    const there = await subOf(client('other-sector', 'https://other.test/callback'));
    expect(there).not.toBe(here);
    for (const subject of [here, there]) {
      expect(String(subject)).toMatch(/^[\w-]{32}$/);
      expect(subject).not.toBe(await provider.personaId('l2-active'));
    }
  });

  it('is one random value for clients registered as public, in every place', async () => {
    const rp = client('public-web');
    const tokens = await rp.signIn(newBrowser(), 'l2-active');
    const row = (await provider.app
      .db('accounts')
      .where({ id: await provider.personaId('l2-active') })
      .first()) as {
      public_subject: string;
    };
    expect(payloadOf(tokens.id_token)['sub']).toBe(row.public_subject);
    expect((await rp.call('/introspect', { token: tokens.access_token })).body['sub']).toBe(row.public_subject);
    expect((await tell(rp, 'l2-active', {}))['sub']).toBe(row.public_subject);
  });

  it('is one value, even when it is made by many requests at once', async () => {
    const rp = client('other-sector', 'https://other.test/callback');
    const subjects = await Promise.all(
      Array.from({ length: 12 }, async () => payloadOf((await rp.signIn(newBrowser(), 'teen')).id_token)['sub']),
    );
    expect(new Set(subjects).size).toBe(1);
  });
});
