import type { RawRequest } from './raw-http.ts';

/** The same numbers for the same seed (mulberry32). */
export type Dice = {
  below(limit: number): number;
  one<T>(list: readonly T[]): T;
  /** True once in `times`. */
  once(times: number): boolean;
};

export function dice(seed: number): Dice {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, one: (list) => list[below(list.length)] as never, once: (times) => below(times) === 0 };
}

/** A request before it is bytes. */
export type Draft = {
  /** The service that makes it. */
  party: string;
  method: string;
  path: string;
  version: string;
  headers: [name: string, value: string][];
  /** In order; of a form in the body, or of the address. */
  fields: [name: string, value: string][];
  isForm: boolean;
  /** What happens to the fields once they are written, and to the address then. */
  changes: { text: ((text: string) => string)[]; target: ((target: string) => string)[] };
};

export function draftOf(request: Pick<Draft, 'party' | 'method' | 'path' | 'headers' | 'fields'>): Draft {
  const headers = request.headers.map(([name, value]): [string, string] => [name, value]);
  return { ...request, headers, version: '1.1', isForm: request.method === 'POST', changes: { text: [], target: [] } };
}

/** @returns what goes over the wire. A form says how long it is. */
export function written({ method, path, version, headers, fields, isForm, changes }: Draft): RawRequest {
  const text = changes.text.reduce((before, change) => change(before), new URLSearchParams(fields).toString());
  const query = isForm || text === '' ? '' : `?${text}`;
  const target = changes.target.reduce((before, change) => change(before), path + query);
  const body = isForm ? Buffer.from(text) : undefined;
  const length: [string, string][] = body === undefined ? [] : [['Content-Length', String(body.length)]];
  return { method, target, version, headers: [...headers, ...length, ['Connection', 'close']], body };
}

export type Change = { name: string; apply: (draft: Draft) => void };

const encodeAll = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

const MORE_FIELDS: readonly [string, string][] = [
  ['__proto__', 'x'],
  ['__proto__[client_id]', 'sandbox-web'],
  ['constructor', 'x'],
  ['hasOwnProperty', 'x'],
  ['toString', ''],
  ['foo', 'bar'],
  ['', 'x'],
  ['scope', 'openid'],
  ['scope', 'openid offline_access'],
  ['scope', 'health_book'],
  ['resource', 'urn:vn:eid:resource:health_book'],
  ['authorization_details', '[]'],
  ['client_id', 'sandbox-spa'],
  ['client_id', 'sandbox-web'],
  ['client_secret', 'sandbox-web-secret'],
  ['client_secret', ''],
  ['client_assertion', 'a.b.c'],
  ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
  ['code_verifier', 'x'.repeat(43)],
  ['redirect_uri', 'http://localhost:8080/callback'],
  ['token_type_hint', 'access_token'],
  ['token_type_hint', 'refresh_token'],
  ['token_type_hint', 'constructor'],
  ['access_token', 'x'],
  ['prompt', 'none'],
  ['prompt', 'login'],
  ['prompt', 'consent'],
  ['prompt', 'bogus'],
  ['max_age', '0'],
  ['max_age', '100000'],
  ['acr_values', 'urn:vn:eid:auth:1'],
  ['acr_values', 'urn:vn:eid:auth:2'],
  ['claims', '{"id_token":{"acr":{"essential":true,"values":["urn:vn:eid:auth:2"]}}}'],
  ['claims', '{"userinfo":{"email":null}}'],
  ['id_token_hint', 'a.b.c'],
  ['login_hint', 'someone'],
  ['login_hint', 'persona:l1-active'],
  ['request', 'a.b.c'],
  ['request_uri', 'urn:ietf:params:oauth:request_uri:x'],
  ['registration', '{}'],
  ['response_mode', 'query'],
  ['response_mode', 'fragment'],
  ['response_mode', 'form_post'],
  ['response_mode', 'bogus'],
  ['response_type', 'token'],
  ['ui_locales', 'en vi'],
  ['ui_locales', 'en'],
  ['lang', 'en'],
  ['display', 'popup'],
  ['dpop_jkt', 'x'],
  ['iss', 'https://evil.test'],
  ['state', 'x'],
  ['nonce', 'x'],
];

const VALUES: readonly (readonly [string, (value: string) => string])[] = [
  ['empty', () => ''],
  ['a space behind', (value) => `${value} `],
  ['a space before', (value) => ` ${value}`],
  ['two spaces within', (value) => value.replace(' ', '  ')],
  ['a line break', (value) => `${value}\n`],
  ['a NUL', (value) => `${value}\0`],
  ['not ASCII', (value) => `${value}ế`],
  ['a letter of the other case', (value) => value.toUpperCase()],
  ['one more', (value) => `${value}x`],
  ['one less', (value) => value.slice(0, -1)],
  ['a slash behind', (value) => `${value}/`],
  ['long', (value) => value + 'a'.repeat(3_000)],
  ['an object’s own name', () => '__proto__'],
  ['quoted', (value) => `"${value}"`],
];

const TARGETS: readonly (readonly [string, (target: string) => string])[] = [
  ['an empty query', (target) => (target.includes('?') ? `${target}&` : `${target}?`)],
  ['a part behind #', (target) => `${target}#x`],
  ['a # within', (target) => target.replace('&', '#&')],
  ['a slash behind the path', (target) => target.replace(/^\/\w+/, '$&/')],
  ['two slashes', (target) => `/${target}`],
  ['a path in capitals', (target) => target.replace(/^\/\w+/, (path) => path.toUpperCase())],
  ['an encoded path', (target) => target.replace(/^\/(\w)/, (_all, first: string) => `/${encodeAll(first)}`)],
  ['an encoded slash', (target) => target.replace(/^\//, '/%2F')],
  ['an encoded slash behind', (target) => target.replace(/^\/[\w/-]+/, '$&%2F')],
  ['an encoded NUL', (target) => `${target}${target.includes('?') ? '&' : '?'}x=%00`],
  ['a dot in the path', (target) => `/.${target}`],
  ['an address in full', (target) => `http://localhost${target}`],
  ['a token in the address', (target) => `${target}${target.includes('?') ? '&' : '?'}access_token=x`],
  ['semicolons', (target) => target.replaceAll('&', ';')],
  ['a second question mark', (target) => target.replace('&', '?')],
  ['no query at all', (target) => target.replace(/\?.*/, '')],
  ['bytes that are no ASCII', (target) => `${target}&x=\u00e9`],
  ['a byte that counts as a space', (target) => target.replace('&', '&state=a\u00a0b&')],
  ['an escape that is none', (target) => `${target}&x=%zz`],
];

const HEADERS: readonly [string, string][] = [
  ['Origin', 'http://localhost:8080'],
  ['Origin', 'https://evil.test'],
  ['Origin', ''],
  ['Accept', 'text/html'],
  ['Accept', 'application/jwt'],
  ['Accept', 'application/token-introspection+jwt'],
  ['Authorization', ''],
  ['Authorization', 'Basic'],
  ['Authorization', 'Bearer x'],
  ['Authorization', `Basic ${Buffer.from('sandbox-web:sandbox-web-secret').toString('base64')}`],
  ['Content-Type', 'application/json'],
  ['OAuth-Client-Attestation', 'x'],
  ['X-HTTP-Method-Override', 'PUT'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Host', 'evil.test'],
  ['Cookie', 'session=x; session.sig=y'],
  ['Cookie', 'a=b'],
  ['Content-Encoding', 'gzip'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['If-None-Match', '*'],
  ['Range', 'bytes=0-1'],
  ['Accept-Encoding', 'gzip'],
  ['Forwarded', 'for=192.0.2.1;host=evil.test;proto=https'],
  ['X-SSL-Client-Cert', 'x'],
  ['Cookie', '__Host-session=x; __Host-session.sig=y'],
];

const AUTHORIZATIONS: readonly (readonly [string, (value: string) => string])[] = [
  ['in lower case', (value) => value.replace(/^\w+/, (scheme) => scheme.toLowerCase())],
  ['in upper case', (value) => value.replace(/^\w+/, (scheme) => scheme.toUpperCase())],
  ['with two spaces', (value) => value.replace(' ', '  ')],
  ['with a tab', (value) => value.replace(' ', '\t')],
  ['with a word behind', (value) => `${value} x`],
  ['without padding', (value) => value.replace(/=+$/, '')],
  ['with more padding', (value) => `${value}=`],
  ['of another scheme', (value) => value.replace(/^\w+/, 'DPoP')],
  ['with two in one', (value) => `${value}, ${value}`],
  ['with a broken letter', (value) => `${value.slice(0, -3)}*${value.slice(-2)}`],
  ['spelt for addresses', (value) => value.replaceAll('+', '-').replaceAll('/', '_')],
];

const COOKIES: readonly (readonly [string, (value: string) => string])[] = [
  ['without spaces', (value) => value.replaceAll('; ', ';')],
  ['with two spaces', (value) => value.replaceAll('; ', ';  ')],
  ['with a semicolon before', (value) => `;${value}`],
  ['with a semicolon behind', (value) => `${value};`],
  ['after a hidden other one', (value) => `;session=x; ${value}`],
  ['after a hidden other one without a space', (value) => `a=b;session=x; ${value}`],
  ['before another one', (value) => `${value}; session=x`],
  ['after another return', (value) => `resume=x; ${value}`],
  ['before another return', (value) => `${value};resume=x`],
  ['with a name in capitals', (value) => value.replace(/(s|r)(?=es(?:sion|ume)=)/, (letter) => letter.toUpperCase())],
  ['in quotes', (value) => value.replace(/(session|resume)=([^;]*)/, '$1="$2"')],
  ['with a signature in quotes', (value) => value.replace(/(session|resume)\.sig=([^;]*)/, '$1.sig="$2"')],
  ['with a padded signature', (value) => value.replace(/(session|resume)\.sig=([^;]*)/, '$1.sig=$2=')],
  ['of https', (value) => value.replaceAll(/(session|resume)(?=[.=])/g, '__Host-$1')],
  ['turned round', (value) => value.split('; ').toReversed().join('; ')],
  ['without a signature', (value) => value.replace(/; (?:session|resume)\.sig=[^;]*/, '')],
  ['with a space behind', (value) => value.replace(/(session|resume)=([^;]*)/, '$1=$2 ')],
  ['with the signature’s prefix', (value) => value.replace(/(session|resume)\.sig=([^;]*)/, '$1.sig=$2x')],
];

const TYPES = [
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/x-www-form-urlencoded;charset=UTF-8',
  'application/x-www-form-urlencoded; charset="utf-8"',
  'application/x-www-form-urlencoded; charset=iso-8859-1',
  'application/x-www-form-urlencoded; charset=utf-16le',
  'application/x-www-form-urlencoded; charset=nothing',
  'APPLICATION/X-WWW-FORM-URLENCODED',
  'application/x-www-form-urlencoded;',
  'application/x-www-form-urlencoded, application/json',
  'multipart/form-data; boundary=x',
  'application/json',
  'text/plain',
  '',
];

const TEXTS: readonly (readonly [string, (text: string) => string])[] = [
  ['a & behind', (text) => `${text}&`],
  ['a & before', (text) => `&${text}`],
  ['two &', (text) => text.replace('&', '&&')],
  ['semicolons', (text) => text.replaceAll('&', ';')],
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['an encoded byte order mark', (text) => `%EF%BB%BF${text}`],
  ['bytes that are no UTF-8', (text) => `${text}%ff`],
  ['an escape that is none', (text) => `${text}%zz`],
  ['a field without a value', (text) => `${text}&foo`],
  ['everything encoded', (text) => text.replaceAll(/[^&=%+]/g, encodeAll)],
  [
    'a thousand fields',
    (text) => `${'&'.repeat(3)}${Array.from({ length: 1_000 }, (_, at) => `f${at}=1`).join('&')}&${text}`,
  ],
  ['very long', (text) => `${text}&foo=${'a'.repeat(20_000)}`],
  ['too long', (text) => `${text}&foo=${'a'.repeat(60_000)}`],
  ['nothing', () => ''],
];

type Field = [name: string, value: string];

const PLACES = [0, 1, 2, 3, 4, 5] as const;

const onField =
  (place: number, change: (field: Field, fields: Field[]) => void): Change['apply'] =>
  ({ fields }) => {
    const field = fields[place];
    if (field !== undefined) change(field, fields);
  };

const onHeader =
  (name: string, change: (value: string) => string): Change['apply'] =>
  ({ headers }) => {
    for (const entry of headers) if (entry[0].toLowerCase() === name) entry[1] = change(entry[1]);
  };

/** Each thing that can be unusual about a request. */
export const CHANGES: readonly Change[] = [
  ...PLACES.flatMap((place): Change[] => [
    ...VALUES.map(([name, change]) => ({
      name: `field ${place}: ${name}`,
      apply: onField(place, (field) => void Object.assign(field, { 1: change(field[1]) })),
    })),
    { name: `field ${place} twice`, apply: onField(place, (field, fields) => void fields.push([...field])) },
    { name: `field ${place} away`, apply: onField(place, (_, fields) => void fields.splice(place, 1)) },
    {
      name: `field ${place} in capitals`,
      apply: onField(place, (field) => void Object.assign(field, { 0: field[0].toUpperCase() })),
    },
  ]),
  ...MORE_FIELDS.map(
    ([name, value]): Change => ({
      name: `field more: ${name}=${value.slice(0, 60)}`,
      apply: ({ fields }) => void fields.push([name, value]),
    }),
  ),
  { name: 'fields turned round', apply: (draft) => void Object.assign(draft, { fields: draft.fields.toReversed() }) },
  ...TARGETS.map(
    ([name, change]): Change => ({
      name: `target: ${name}`,
      apply: ({ changes }) => void changes.target.push(change),
    }),
  ),
  ...TEXTS.map(
    ([name, change]): Change => ({
      name: `text: ${name}`,
      apply: ({ changes }) => void changes.text.push(change),
    }),
  ),
  ...HEADERS.map(
    (entry): Change => ({
      name: `header ${entry.join(': ')}`,
      apply: ({ headers }) => void headers.push([...entry]),
    }),
  ),
  ...AUTHORIZATIONS.map(([name, change]) => ({
    name: `authorization ${name}`,
    apply: onHeader('authorization', change),
  })),
  ...COOKIES.map(([name, change]) => ({ name: `cookie ${name}`, apply: onHeader('cookie', change) })),
  { name: 'another host', apply: onHeader('host', () => 'evil.test') },
  ...TYPES.map((type) => ({ name: `content type ${type}`, apply: onHeader('content-type', () => type) })),
  ...['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'get', 'DELETE'].map(
    (method): Change => ({
      name: `method ${method}`,
      apply: (draft) => void Object.assign(draft, { method }),
    }),
  ),
  { name: 'HTTP/1.0', apply: (draft) => void Object.assign(draft, { version: '1.0' }) },
];
