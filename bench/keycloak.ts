import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { authorizationOf, CLIENT_SECRET, CLIENTS, REDIRECT_URI } from './flows.ts';
import { freePort, type PinnedProcess, startPinned } from './pinned-process.ts';
import { type Answer, Connection } from './raw-http.ts';

/** Keycloak as its guide for production says (`start --optimized`), without TLS as ours is here, with one realm like ours: ES256, refresh tokens used once, the same
 *  three clients. */
export type Keycloak = { process: PinnedProcess; version: string; visitor(index: number): KeycloakVisitor };

const REALM = '/realms/bench';
const ADMIN = { username: 'bench-admin', password: randomBytes(16).toString('hex') };
const PASSWORD = 'bench-Password-1';

export type KeycloakOptions = { folder: string; databaseUrl: string; core: number; visitors: number; logFile: string };

/** @param options `folder`: of the distribution, after `bin/kc.sh build --db=postgres`. */
export async function startKeycloak(options: KeycloakOptions): Promise<Keycloak> {
  const { folder, databaseUrl, core, visitors, logFile } = options;
  const port = await freePort();
  const { username, password, host, pathname } = new URL(databaseUrl);
  const started = startPinned({
    command: join(folder, 'bin/kc.sh'),
    args: [
      'start',
      '--optimized',
      '--cache=local',
      '--http-enabled=true',
      `--http-port=${port}`,
      '--http-host=127.0.0.1',
    ],
    cores: [core],
    env: {
      KC_HOSTNAME_STRICT: 'false',
      KC_DB_URL: `jdbc:postgresql://${host}${pathname}`,
      KC_DB_USERNAME: username,
      KC_DB_PASSWORD: password,
      KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
    },
    logFile,
  });
  const origin = `http://localhost:${port}`;
  const version = await untilThere(origin, started);
  await makeRealm(origin, visitors);
  return { process: started, version, visitor: (index) => new KeycloakVisitor(port, `visitor-${index}`) };
}

async function untilThere(origin: string, { child }: PinnedProcess): Promise<string> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Keycloak ended with ${child.exitCode}`);
    const answer = await fetch(`${origin}/realms/master`).catch(() => undefined);
    if (answer?.ok === true) break;
    await sleep(500);
  }
  const info = await fetch(`${origin}/admin/serverinfo`, { headers: await asAdmin(origin) });
  return ((await info.json()) as { systemInfo: { version: string } }).systemInfo.version;
}

async function asAdmin(origin: string): Promise<Record<string, string>> {
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...ADMIN });
  const answer = await fetch(`${origin}/realms/master/protocol/openid-connect/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return { Authorization: `Bearer ${token}` };
}

async function makeRealm(origin: string, visitors: number): Promise<void> {
  const client = { secret: CLIENT_SECRET, enabled: true, protocol: 'openid-connect', publicClient: false };
  const web = { ...client, standardFlowEnabled: true, redirectUris: [REDIRECT_URI] };
  const realm = {
    realm: 'bench',
    enabled: true,
    sslRequired: 'none',
    defaultSignatureAlgorithm: 'ES256',
    revokeRefreshToken: true,
    accessTokenLifespan: 600,
    ssoSessionIdleTimeout: 43_200,
    clients: [
      { ...web, clientId: CLIENTS.web, attributes: { 'use.refresh.tokens': 'false' } },
      { ...web, clientId: CLIENTS.offline },
      { ...client, clientId: CLIENTS.machine, standardFlowEnabled: false, serviceAccountsEnabled: true },
    ],
    users: Array.from({ length: visitors }, (_, index) => ({
      username: `visitor-${index}`,
      enabled: true,
      firstName: 'Nghiệm',
      lastName: 'Nguyễn Thị Thử',
      email: `visitor-${index}@example.com`,
      emailVerified: true,
      credentials: [{ type: 'password', value: PASSWORD, temporary: false }],
    })),
  };
  const headers = { ...(await asAdmin(origin)), 'Content-Type': 'application/json' };
  const answer = await fetch(`${origin}/admin/realms`, { method: 'POST', headers, body: JSON.stringify(realm) });
  if (answer.status !== 201) throw new Error(`no realm: ${answer.status} ${await answer.text()}`);
}

type Tokens = { access_token: string; id_token?: string; refresh_token?: string };

/** The same flows as a `Visitor` of ours has. */
export class KeycloakVisitor {
  readonly #connection: Connection;
  readonly #username: string;
  readonly #cookies = new Map<string, string>();
  #refreshToken = '';

  constructor(port: number, username: string) {
    this.#connection = new Connection('localhost', port);
    this.#username = username;
  }

  async prepare(flow: string): Promise<void> {
    if (flow === 'sso') await this.#authorize(CLIENTS.web);
    if (flow === 'refresh') this.#refreshToken = (await this.#authorize(CLIENTS.offline)).refresh_token ?? '';
  }

  async run(flow: string): Promise<void> {
    if (flow === 'client_credentials') await this.#token(CLIENTS.machine, { grant_type: 'client_credentials' });
    if (flow === 'refresh') {
      const form = { grant_type: 'refresh_token', refresh_token: this.#refreshToken };
      this.#refreshToken = (await this.#token(CLIENTS.offline, form)).refresh_token ?? '';
    }
    if (flow === 'sso') {
      const { access_token: token } = await this.#authorize(CLIENTS.web);
      const headers = { Authorization: `Bearer ${token}` };
      const path = `${REALM}/protocol/openid-connect/userinfo`;
      mustBe(200, await this.#connection.request({ method: 'GET', path, headers }));
    }
  }

  close(): void {
    this.#connection.close();
  }

  /** Types the password where a form is shown. */
  async #authorize(clientId: string): Promise<Tokens> {
    const { path, verifier } = authorizationOf(`${REALM}/protocol/openid-connect/auth`, clientId);
    let answer = await this.#send(path);
    if (answer.location === undefined) {
      const action = /action="([^"]+)"/.exec(mustBe(200, answer).body)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const { pathname, search } = new URL(action);
      answer = await this.#send(pathname + search, { username: this.#username, password: PASSWORD });
    }
    const code = new URL(mustBe(302, answer).location ?? '').searchParams.get('code');
    if (code === null) throw new Error(`the relying party got ${answer.location}`);
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: verifier };
    return this.#token(clientId, form);
  }

  async #token(clientId: string, form: Record<string, string>): Promise<Tokens> {
    const headers = { Authorization: `Basic ${Buffer.from(`${clientId}:${CLIENT_SECRET}`).toString('base64')}` };
    const path = `${REALM}/protocol/openid-connect/token`;
    return JSON.parse(
      mustBe(200, await this.#connection.request({ method: 'POST', path, headers, form })).body,
    ) as Tokens;
  }

  async #send(path: string, form?: Record<string, string>): Promise<Answer> {
    const headers = { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const answer = await this.#connection.request(
      form === undefined ? { method: 'GET', path, headers } : { method: 'POST', path, headers, form },
    );
    for (const cookie of answer.setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /max-age=0/i.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}

function mustBe(status: number, answer: Answer): Answer {
  if (answer.status !== status)
    throw new Error(`${answer.status} instead of ${status}: ${answer.body.slice(0, 300)} ${answer.location ?? ''}`);
  return answer;
}
