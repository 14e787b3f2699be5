import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, Connection, type HttpRequest } from './raw-http.ts';
import type { Messages } from './sms-gateway.ts';

export const FLOWS = [
  'discovery',
  'jwks',
  'client_credentials',
  'client_credentials_jwt',
  'sso',
  'userinfo',
  'sign_in',
  'refresh',
  'introspection',
  'activation',
] as const;
export type Flow = (typeof FLOWS)[number];

export const REDIRECT_URI = 'http://localhost:8080/callback';
export const HEALTH_BOOK = 'urn:vn:eid:resource:health_book';

/** The relying parties that every server under test knows, with one secret for all. */
export const CLIENT_SECRET = 'bench-secret-bench-secret-bench-secret';
export const CLIENTS = {
  /** Code flow alone: no refresh token. */
  web: 'bench-web',
  /** Code flow with a refresh token each time. */
  offline: 'bench-offline',
  machine: 'bench-machine',
} as const;

/** `phone` as people type it: 09… */
export type Person = { citizenId: string; phone: string; password: string };
export type Endpoints = Record<
  'authorization_endpoint' | 'token_endpoint' | 'userinfo_endpoint' | 'introspection_endpoint' | 'jwks_uri',
  string
>;

type SendForm = (path: string, fields: Record<string, string>) => Promise<void>;
type Tokens = { access_token: string; id_token?: string; refresh_token?: string };

export type World = {
  issuer: string;
  endpoints: Endpoints;
  messages: Messages;
  /** The next person who waits for her activation; undefined when nobody is left. */
  nextPending: () => Person | undefined;
};

type Authorization = { path: string; verifier: string };

/** What a relying party sends a browser to. */
export function authorizationOf(endpointPath: string, clientId: string): Authorization {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: REDIRECT_URI,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: verifier.slice(0, 16),
    nonce: verifier.slice(16, 32),
  });
  return { path: `${endpointPath}?${query.toString()}`, verifier };
}

/** A relying party's half and a citizen's half of each flow, over one connection with one browser's cookies. */
export class Visitor {
  readonly #world: World;
  readonly #person: Person;
  readonly #connection: Connection;
  readonly #cookies = new Map<string, { value: string; path: string }>();
  #refreshToken: string | undefined;
  #accessToken: string | undefined;
  #pages = 0;

  constructor(world: World, person: Person) {
    this.#world = world;
    this.#person = person;
    this.#connection = new Connection('localhost', Number(new URL(world.issuer).port));
  }

  /** Brings about what a flow presupposes (a session, a refresh token); not measured. */
  async prepare(flow: Flow): Promise<void> {
    if (flow === 'sso') await this.#sso();
    if (flow === 'sign_in') await this.#signIn();
    if (flow === 'userinfo' || flow === 'introspection') this.#accessToken = (await this.#tokens()).access_token;
    if (flow === 'refresh') this.#refreshToken = (await this.#tokens(CLIENTS.offline)).refresh_token;
  }

  /** Once through the flow. @throws when an answer is not the expected one. */
  async run(flow: Flow): Promise<void> {
    switch (flow) {
      case 'discovery':
        return this.#expect(200, await this.#get('/.well-known/openid-configuration'));
      case 'jwks':
        return this.#expect(200, await this.#get(pathOf(this.#world.endpoints.jwks_uri)));
      case 'client_credentials':
        await this.#token(CLIENTS.machine, { grant_type: 'client_credentials' });
        return;
      case 'client_credentials_jwt':
        await this.#token(CLIENTS.machine, {
          grant_type: 'client_credentials',
          scope: 'health_book',
          resource: HEALTH_BOOK,
        });
        return;
      case 'sso':
        return this.#sso();
      case 'userinfo':
        return this.#userinfo(this.#accessToken ?? '');
      case 'sign_in':
        return this.#signIn();
      case 'refresh':
        return this.#refresh();
      case 'introspection':
        return this.#introspect();
      case 'activation':
        return this.#activate();
    }
  }

  close(): void {
    this.#connection.close();
  }

  /** A whole sign-in of somebody new, who waits in line as long as she is told to, looking when she is told to.
   *  `waited` hears of each waiting page, by its milliseconds. @returns false when her patience ended in the waiting room. */
  async comeNew(patienceMs: number, waited: (ms: number) => void): Promise<boolean> {
    const until = performance.now() + patienceMs;
    const request = this.#authorization(CLIENTS.web);
    for (;;) {
      const askedAt = performance.now();
      const answer = await this.#get(request.path);
      if (answer.status !== 503) {
        await this.#userinfo((await this.#redeem(CLIENTS.web, request.verifier, answer)).access_token);
        return true;
      }
      waited(performance.now() - askedAt);
      this.#connection.close();
      // As the page's script does (views/assets/waiting-room.js): to the millisecond, all would look in the same moment of a second.
      const pauseMs = (answer.retryAfterSeconds ?? 10) * (900 + Math.random() * 200);
      if (performance.now() + pauseMs > until) return false;
      await sleep(pauseMs);
    }
  }

  /** Begins an activation, up to the proof of the phone. @returns what finishes it, waiting `pauseMs` before each form as people do; `hashed` hears of the secrets of each. */
  async beginActivation(): Promise<(pauseMs: number, hashed: (secrets: number) => void) => Promise<void>> {
    const go = await this.#startActivation();
    return async (pauseMs, hashed) => {
      const slowly = async (path: string, fields: Record<string, string>): Promise<void> => {
        await sleep(pauseMs);
        await go(path, fields);
        hashed(path === '/activate/questions' ? 2 : 1);
      };
      await this.#finishActivation(slowly);
    };
  }

  async #sso(): Promise<void> {
    const { access_token: token } = await this.#tokens();
    await this.#userinfo(token);
  }

  async #signIn(): Promise<void> {
    // The browser stays the same (its device cookie), the session is gone. The bare provider's names begin with an underscore.
    for (const name of this.#cookies.keys())
      if (/^_?(session|interaction|resume)/.test(name)) this.#cookies.delete(name);
    const pagesBefore = this.#pages;
    await this.#sso();
    if (this.#pages === pagesBefore) throw new Error('signed in without a page: a session was still there');
  }

  async #refresh(): Promise<void> {
    const answer = await this.#token(CLIENTS.offline, {
      grant_type: 'refresh_token',
      refresh_token: this.#refreshToken ?? '',
    });
    if (answer.refresh_token === undefined || answer.refresh_token === this.#refreshToken)
      throw new Error('the refresh token was not rotated');
    this.#refreshToken = answer.refresh_token;
  }

  async #introspect(): Promise<void> {
    const answer = await this.#send({
      method: 'POST',
      path: pathOf(this.#world.endpoints.introspection_endpoint),
      headers: basic(CLIENTS.web),
      form: { token: this.#accessToken ?? '', token_type_hint: 'access_token' },
    });
    this.#expect(200, answer);
    if (!answer.body.includes('"active":true')) throw new Error(`introspection says ${answer.body}`);
  }

  async #userinfo(accessToken: string): Promise<void> {
    const path = pathOf(this.#world.endpoints.userinfo_endpoint);
    const answer = await this.#send({ method: 'GET', path, headers: { Authorization: `Bearer ${accessToken}` } });
    this.#expect(200, answer);
    if (!answer.body.includes('"birthdate"')) throw new Error(`userinfo says ${answer.body}`);
  }

  /** authorize → code → token, through the pages when the browser has no session. */
  async #tokens(clientId: string = CLIENTS.web): Promise<Tokens> {
    const { path, verifier } = this.#authorization(clientId);
    return this.#redeem(clientId, verifier, await this.#get(path));
  }

  #authorization(clientId: string): Authorization {
    return authorizationOf(pathOf(this.#world.endpoints.authorization_endpoint), clientId);
  }

  async #redeem(clientId: string, verifier: string, first: Answer): Promise<Tokens> {
    const returned = await this.#throughPages(first);
    const code = new URL(returned).searchParams.get('code');
    if (code === null) throw new Error(`the relying party got ${returned}`);
    const tokens = await this.#token(clientId, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    });
    if (tokens.id_token === undefined) throw new Error('no id_token');
    return tokens;
  }

  /** Follows redirects, types the password, agrees. @returns where the relying party is called. */
  async #throughPages(first: Answer): Promise<string> {
    let answer = first;
    let at = '';
    for (let hops = 0; hops < 12; hops += 1) {
      const target = answer.location;
      if (target?.startsWith(REDIRECT_URI)) return target;
      if (target !== undefined) {
        at = pathOf(new URL(target, this.#world.issuer).href);
        answer = await this.#get(at);
        continue;
      }
      this.#expect(200, answer);
      this.#pages += 1;
      const interaction = /^\/interaction\/[\w-]+/.exec(at)?.[0] ?? '';
      answer = answer.body.includes('name="password"')
        ? await this.#post(`${interaction}/password`, answer.body, {
            citizen_id: this.#person.citizenId,
            password: this.#person.password,
          })
        : await this.#post(`${interaction}/consent`, answer.body, { decision: 'allow' });
    }
    throw new Error('too many pages');
  }

  async #activate(): Promise<void> {
    await this.#finishActivation(await this.#startActivation());
  }

  /** @returns what sends the next form. */
  async #startActivation(): Promise<SendForm> {
    const person = this.#world.nextPending();
    if (person === undefined) throw new Error('nobody is left to activate');
    this.#cookies.clear();
    let page = await this.#get('/activate');
    const go = async (path: string, fields: Record<string, string>): Promise<void> => {
      page = await this.#post(path, page.body, fields);
      for (let hops = 0; page.location !== undefined && hops < 4; hops += 1) page = await this.#get(page.location);
      this.#expect(200, page);
    };
    const code = this.#world.messages.nextCode(`+84${person.phone.slice(1)}`);
    await go('/activate', { citizen_id: person.citizenId, phone_number: person.phone });
    await go('/activate/code', { code: await code });
    return async (path, fields) => {
      await go(path, path === '/activate/password' ? { password: person.password } : fields);
      if (path === '/activate/questions' && page.body.includes('name="answer_1"'))
        throw new Error('the activation did not end');
    };
  }

  async #finishActivation(go: SendForm): Promise<void> {
    await go('/activate/password', {});
    await go('/activate/passcode', { passcode: '850317' });
    await go('/activate/questions', {
      question_1: 'first_school',
      answer_1: 'Trường Đầu Làng',
      question_2: 'favourite_dish',
      answer_2: 'cơm rang',
    });
  }

  async #token(clientId: string, form: Record<string, string>): Promise<Tokens> {
    const path = pathOf(this.#world.endpoints.token_endpoint);
    const answer = await this.#send({ method: 'POST', path, headers: basic(clientId), form });
    this.#expect(200, answer);
    return JSON.parse(answer.body) as Tokens;
  }

  #get(path: string): Promise<Answer> {
    return this.#send({ method: 'GET', path: path.startsWith('http') ? pathOf(path) : path });
  }

  #post(path: string, page: string, fields: Record<string, string>): Promise<Answer> {
    const token = /name="csrf_token"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="csrf_token"/.exec(page);
    const form = token === null ? fields : { csrf_token: token[1] ?? token[2] ?? '', ...fields };
    return this.#send({ method: 'POST', path, headers: { Origin: this.#world.issuer }, form });
  }

  async #send(request: HttpRequest): Promise<Answer> {
    const cookies = [...this.#cookies].filter(([, { path }]) => request.path.startsWith(path));
    const headers = { ...request.headers };
    if (cookies.length > 0) headers['Cookie'] = cookies.map(([name, { value }]) => `${name}=${value}`).join('; ');
    const answer = await this.#connection.request({ ...request, headers });
    for (const cookie of answer.setCookies) this.#keep(cookie);
    return answer;
  }

  #keep(cookie: string): void {
    const match = /^([^=]+)=([^;]*)/.exec(cookie);
    if (match === null) return;
    const [, name = '', value = ''] = match;
    const path = /; ?path=([^;]+)/i.exec(cookie)?.[1] ?? '/';
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path });
  }

  #expect(status: number, answer: Answer): void {
    if (answer.status !== status)
      throw new Error(`${answer.status} instead of ${status}: ${textOf(answer.body)} ${answer.location ?? ''}`);
  }
}

function basic(clientId: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${clientId}:${CLIENT_SECRET}`).toString('base64')}` };
}

function textOf(body: string): string {
  const main = body.slice(Math.max(0, body.indexOf('<main')));
  return main
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 300);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
