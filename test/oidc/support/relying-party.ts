import { createHash, randomBytes } from 'node:crypto';

/** A browser: keeps cookies by path, follows nothing by itself. */
export type Browser = {
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  post(url: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** Follows redirects while they stay on the same origin. @returns where it ended; `location` where it would leave. */
  follow(url: string): Promise<Answer>;
  /** Its cookies by name, whatever their path. */
  cookies(): Record<string, string>;
};

export type Answer = { status: number; url: string; location: URL | undefined; text: string; headers: Headers };

/** @param fetchBy how its requests travel; to the address itself unless told. */
export function newBrowser(fetchBy: FetchBy = fetch): Browser {
  const cookies: { name: string; value: string; path: string }[] = [];
  const remember = (headers: Headers, requestPath: string): void => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? requestPath;
      const known = cookies.findIndex((one) => one.name === name && one.path === path);
      if (known !== -1) cookies.splice(known, 1);
      if (value !== '' && !line.includes('1970')) cookies.push({ name, value, path });
    }
  };
  const send = async (url: string, init: RequestInit): Promise<Answer> => {
    const { pathname } = new URL(url);
    const sent = cookies.filter(
      ({ path }) => pathname === path || pathname.startsWith(path === '/' ? '/' : `${path}/`),
    );
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const response = await fetchBy(url, { ...init, headers, redirect: 'manual' });
    remember(response.headers, pathname);
    const to = response.headers.get('location');
    const location = to === null ? undefined : new URL(to, url);
    return { status: response.status, url, location, text: await response.text(), headers: response.headers };
  };
  return {
    get: (url, headers = {}) => send(url, { headers: { accept: 'text/html', ...headers } }),
    post: (url, form, headers = {}) =>
      send(url, { method: 'POST', body: new URLSearchParams(form), headers: { accept: 'text/html', ...headers } }),
    async follow(url) {
      let answer = await this.get(url);
      for (let hops = 0; hops < 10; hops += 1) {
        const { location } = answer;
        if (location === undefined || location.origin !== new URL(url).origin) return answer;
        answer = await this.get(location.href);
      }
      throw new Error('too many redirects');
    },
    cookies: () => Object.fromEntries(cookies.map(({ name, value }) => [name, value])),
  };
}

export type Tokens = {
  access_token: string;
  id_token: string;
  refresh_token: string;
  scope: string;
  expires_in: number;
  token_type: string;
};
export type OAuthError = { error: string; error_description?: string };
export type JsonAnswer<T> = { status: number; body: T };

/** Talks to the provider as a service would, with nothing but fetch. */
export type RelyingParty = {
  /** The address of an authorization request; `undefined` leaves a parameter out. */
  authorizeUrl(parameters?: Record<string, string | undefined>): string;
  token(form: Record<string, string>): Promise<JsonAnswer<Tokens & OAuthError>>;
  redeem(code: string, changes?: Record<string, string>): Promise<JsonAnswer<Tokens & OAuthError>>;
  refresh(token: string): Promise<JsonAnswer<Tokens & OAuthError>>;
  call(path: string, form: Record<string, string>): Promise<JsonAnswer<Record<string, unknown>>>;
  /** Pushes a request and gives the address that uses it. */
  push(parameters: Record<string, string | undefined>): Promise<string>;
  /** The whole sign-in of a persona: authorize, code, tokens. @throws with the OAuth error. */
  signIn(browser: Browser, persona: string, parameters?: Record<string, string | undefined>): Promise<Tokens>;
  verifier: string;
};

type FetchBy = (url: string, init: RequestInit) => Promise<Response>;

export type RelyingPartyOptions = { clientId: string; secret?: string; redirectUri?: string; fetchBy?: FetchBy };

export function relyingParty(issuer: string, options: RelyingPartyOptions): RelyingParty {
  const { clientId, secret, redirectUri = 'http://localhost:8080/callback', fetchBy = fetch } = options;
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const authentication: Record<string, string> =
    secret === undefined ? {} : { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` };
  const call = async <T>(path: string, form: Record<string, string>): Promise<JsonAnswer<T>> => {
    const body = new URLSearchParams(secret === undefined ? { client_id: clientId, ...form } : form);
    const response = await fetchBy(issuer + path, { method: 'POST', headers: authentication, body });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
  };
  const parametersOf = (changes: Record<string, string | undefined>): Record<string, string> => {
    const all: Record<string, string | undefined> = {
      client_id: clientId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirectUri,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  };
  const redeem: RelyingParty['redeem'] = (code, changes = {}) =>
    call('/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      ...changes,
    });
  const authorizeUrl: RelyingParty['authorizeUrl'] = (changes = {}) =>
    `${issuer}/authorize?${new URLSearchParams(parametersOf(changes)).toString()}`;
  return {
    verifier,
    authorizeUrl,
    redeem,
    call,
    token: (form) => call('/token', form),
    refresh: (token) => call('/token', { grant_type: 'refresh_token', refresh_token: token }),
    async push(changes) {
      const { body } = await call<{ request_uri: string }>('/par', parametersOf(changes));
      return `${issuer}/authorize?${new URLSearchParams({ client_id: clientId, request_uri: body.request_uri }).toString()}`;
    },
    async signIn(browser, persona, changes = {}) {
      const answer = await browser.get(authorizeUrl({ login_hint: `persona:${persona}`, ...changes }));
      const tokens = await redeem(codeIn(answer));
      if (tokens.status !== 200) throw new Error(tokens.body.error);
      return tokens.body;
    },
  };
}

/** The code of an answer that went back to the service. @throws with the error it got instead. */
export function codeIn(answer: Answer): string {
  const code = answer.location?.searchParams.get('code');
  if (code === null || code === undefined) throw new Error(`no code: ${errorIn(answer) ?? answer.status}`);
  return code;
}

export function errorIn(answer: Answer): string | undefined {
  return answer.location?.searchParams.get('error') ?? undefined;
}

/** A JWT's payload, unverified. */
export function payloadOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

export function headerOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
