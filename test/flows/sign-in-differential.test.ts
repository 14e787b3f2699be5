import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawAnswer, sendRaw } from '../oidc/support/raw-http.ts';
import { CHANGES, type Change, type Draft, draftOf, written } from '../oidc/support/unusual-requests.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import { authorizePath, signInWholly } from '../support/sign-in-walk.ts';

/** `DIFFERENTIAL_EVERY=1` looks at each change: some seconds on SQLite. */
const { DIFFERENTIAL_EVERY = '6' } = process.env;

let test: TestApp;
let person: TestPerson;
/** Of a browser in which she has signed in before. */
let kept: Record<string, string>;

beforeAll(async () => {
  test = await startTestApp();
  person = await giveActivePerson(test.app);
  const browser = test.browser();
  await signInWholly(test, browser, person);
  const { jar } = browser.agent as unknown as { jar: { getCookies(at: object): { name: string; value: string }[] } };
  const cookies = jar.getCookies({ path: '/', domain: 'localhost', secure: false, script: false });
  const lasting = cookies.filter(({ name }) => /^(?:device|visitor)/.test(name));
  kept = Object.fromEntries(lasting.map(({ name, value }) => [name, value]));
});
afterAll(() => test.close());

type Waiting = { at: string; cookie: string };

/** She is sent by a service, and is nobody in this browser. */
async function comeAgain(): Promise<Waiting> {
  const answer = await fetch(test.issuer + authorizePath(), { redirect: 'manual' });
  const own = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  const lasting = Object.entries(kept).map((pair) => pair.join('='));
  return {
    at: answer.headers.get('location') ?? '',
    cookie: [...own.filter((one) => one.startsWith('interaction')), ...lasting].join('; '),
  };
}

const draft = ({ at, cookie }: Waiting, more: Pick<Draft, 'method' | 'path' | 'headers' | 'fields'>): Draft =>
  draftOf({
    party: '',
    ...more,
    path: at + more.path,
    headers: [['Host', 'localhost'], ['Cookie', cookie], ...more.headers],
  });

/** Each request that is answered ahead of the pages, and a header with which it is the pages', and the same. */
const AHEAD: Readonly<Record<string, { prepare: (waiting: Waiting) => Promise<Draft>; byPages: [string, string] }>> = {
  'the page of the password': {
    prepare: async (waiting) => draft(waiting, { method: 'GET', path: '', headers: [], fields: [] }),
    byPages: ['Accept-Encoding', 'identity;q=0.5'],
  },
  'its form': {
    prepare: async (waiting) => {
      const page = await (await fetch(test.issuer + waiting.at, { headers: { cookie: waiting.cookie } })).text();
      const [, token = ''] = /name="csrf_token" value="([\w-]+)"/.exec(page) ?? [];
      return draft(waiting, {
        method: 'POST',
        path: '/password',
        headers: [
          ['Origin', test.issuer],
          ['Content-Type', 'application/x-www-form-urlencoded'],
        ],
        fields: [
          ['csrf_token', token],
          ['citizen_id', person.citizenId],
          ['password', TEST_SECRETS.password],
        ],
      });
    },
    byPages: ['Expect', '100-continue'],
  },
};

const header = (...entry: [string, string]): Change => ({
  name: `header ${entry.join(': ')}`.slice(0, 60),
  apply: ({ headers }) => void headers.push(entry),
});
const inCookies = (name: string, change: (cookies: string) => string): Change => ({
  name,
  apply: ({ headers }) => {
    for (const entry of headers) if (entry[0] === 'Cookie') entry[1] = change(entry[1]);
  },
});

const OF_BROWSERS: readonly Change[] = [
  ...['interaction', 'visitor', 'device']
    .flatMap((base) => [base, `${base}.sig`])
    .flatMap((name) => {
      const place = new RegExp(`(?<=^|; )${name.replace('.', '\\.')}=([^;]*)`);
      return [
        inCookies(`no cookie ${name}`, (cookies) => cookies.replace(place, 'other=$1')),
        inCookies(`cookie ${name} twice`, (cookies) => `${cookies}; ${name}=x`),
        inCookies(`cookie ${name} hidden by another`, (cookies) => `${name}=x; ${cookies}`),
        inCookies(`cookie ${name} in quotes`, (cookies) => cookies.replace(place, `${name}="$1"`)),
        inCookies(`cookie ${name} altered`, (cookies) => cookies.replace(place, `${name}=$1x`)),
        inCookies(`cookie ${name} empty`, (cookies) => cookies.replace(place, `${name}=`)),
      ];
    }),
  ...['session=x', 'session.sig=x', 'locale=en', 'locale=xx', 'locale=en; locale=vi'].map((more) =>
    inCookies(`cookie ${more} more`, (cookies) => `${cookies}; ${more}`),
  ),
  ...['same-origin', 'same-site', 'none', ''].map((site) => header('Sec-Fetch-Site', site)),
  ...['en', 'fr', 'en;q=0', '*', 'x'.repeat(500)].map((languages) => header('Accept-Language', languages)),
];

/** What both ways leave out: the pages' are compressed as they are sent, and a byte order mark they do not see. */
const isComparable = ({ name }: Change): boolean => !/Accept-Encoding|a byte order mark/.test(name);

type Told = { seen: object; tries: number; signIns: number };

async function whatHappens(what: string, change: Change | undefined, isByPages: boolean): Promise<Told> {
  const waiting = await comeAgain();
  const { prepare, byPages } = AHEAD[what] ?? {};
  const request = (await prepare?.(waiting)) as Draft;
  change?.apply(request);
  if (isByPages && byPages !== undefined) request.headers.push(byPages);
  await test.app.db('throttles').delete();
  await test.app.db('sign_ins').delete();
  const answer = await sendRaw(test.issuer, written(request));
  const [throttles, signIns] = [await test.app.db('throttles').select('failures'), await test.app.db('sign_ins')];
  const tries = (throttles as { failures: number }[]).reduce((sum, { failures }) => sum + failures, 0);
  return { seen: seenOf(answer, waiting.at), tries, signIns: signIns.length };
}

const CHANGING = /^(?:date|x-request-id|content-length|connection|keep-alive|transfer-encoding)$/;

function seenOf({ status, headers, body }: RawAnswer, at: string): object {
  const of = (name: string): string => headers.find(([one]) => one === name)?.[1] ?? '';
  const [, nonce = 'none'] = /script-src 'nonce-([^']+)'/.exec(of('content-security-policy')) ?? [];
  const still = (text: string): string =>
    text
      .replaceAll(nonce, 'NONCE')
      .replaceAll(at.slice('/interaction/'.length), 'UID')
      .replaceAll(/(?<=name="csrf_token" value=")[\w-]+/g, 'TOKEN')
      .replace(/^(visitor|device)(\.sig)?=[\w.-]+/, '$1$2=')
      .replaceAll(/[0-9A-Z]{5}-[0-9A-Z]{5}/g, 'REFERENCE');
  const told = headers.filter(([name]) => !CHANGING.test(name)).map(([name, value]) => `${name}: ${still(value)}`);
  // The pages send her by way of the library, which makes the same of it.
  const isSignedIn = status === 303 && /\/authorize\/[\w-]{43}$|\/callback\?code=/.test(of('location'));
  if (isSignedIn) return { isSignedIn, cookies: told.filter((line) => /^set-cookie: (?:device|visitor)/.test(line)) };
  return { status, told: told.toSorted(), body: still(body) };
}

describe.each(Object.keys(AHEAD))('One thing that is unusual about %s', (what) => {
  it('changes what it changes by the pages alone', async () => {
    const chosen = CHANGES.filter((_, at) => (at + what.length) % Number(DIFFERENTIAL_EVERY) === 0);
    for (const change of [undefined, ...OF_BROWSERS, ...chosen.filter(isComparable)]) {
      const theirs = await whatHappens(what, change, true);
      const ours = await whatHappens(what, change, false);
      expect({ change: change?.name, ...ours }).toEqual({ change: change?.name, ...theirs });
    }
  }, 300_000);
});
