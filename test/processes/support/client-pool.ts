import { createHash } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const REDIRECT = 'http://localhost:8080/callback';
const VERIFIER = 'rolling-restart-verifier-rolling-restart-verifier';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** With `ca`, the certificate that a server of TLS has signed itself. */
type Server = { port: number; agent: Agent; ca?: string };
type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

export type Load = {
  /** Flows that ended well, each of them several requests. */
  flows: number;
  /** Everything else: a broken connection, an answer that was not the right one. */
  failures: string[];
  stop(): Promise<void>;
};

/** Clients with keep-alive connections, each going through sign-ins, tokens and pages one after the other. A server that takes no connection is passed over
 *  for the next one, as every balancer does: nothing has been sent by then. Nothing else is tried twice.
 *  @param isIn what a balancer knows that asks /readyz: nothing is sent to any other, and a server that takes no connection is a failure. */
export function startLoad(
  ports: readonly number[],
  { clients, issuer, isIn, ca }: { clients: number; issuer: string; isIn?: (port: number) => boolean; ca?: string },
): Load {
  const stopping = new AbortController();
  const load: Load = {
    flows: 0,
    failures: [],
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
  const portOf = (turn: number): number | undefined => {
    const known = isIn === undefined ? ports : ports.filter(isIn);
    return known[turn % known.length];
  };
  const client = async (index: number): Promise<void> => {
    const agents = ports.map((port): Server => {
      const options = { keepAlive: true, maxSockets: 1 };
      return ca === undefined ? { port, agent: new Agent(options) } : { port, agent: new TlsAgent(options), ca };
    });
    let turn = index;
    const send = async (path: string, form?: Record<string, string>): Promise<Answer> => {
      for (let refused = 0; ; refused += 1) {
        turn += 1;
        const server = agents.find(({ port }) => port === portOf(turn));
        if (server === undefined) throw new Error('no server');
        try {
          return await sendTo(server, path, form);
        } catch (error) {
          const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
          if (isIn !== undefined || !isRefused || refused >= ports.length) throw error;
        }
      }
    };
    while (!stopping.signal.aborted) {
      try {
        await flow(send, issuer);
        load.flows += 1;
      } catch (error) {
        load.failures.push(String(error));
        // Where no process is in, nothing would be waited for, and nobody would ever ask again which are.
        await sleep(20);
      }
    }
    for (const { agent } of agents) agent.destroy();
  };
  const running = Array.from({ length: clients }, (_, index) => client(index));
  return load;
}

async function flow(
  send: (path: string, form?: Record<string, string>) => Promise<Answer>,
  issuer: string,
): Promise<void> {
  const query = new URLSearchParams({
    client_id: 'sandbox-web',
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: REDIRECT,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    login_hint: 'persona:l2-active',
  });
  const authorized = await send(`/authorize?${query.toString()}`);
  const code = new URL(authorized.headers.location ?? '', issuer).searchParams.get('code');
  if (code === null) throw new Error(`no code: ${authorized.status} ${authorized.headers.location}`);
  const client = { client_id: 'sandbox-web', client_secret: 'sandbox-web-secret' };
  const token = expect(
    200,
    await send('/token', {
      ...client,
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
    }),
  );
  const { access_token } = JSON.parse(token.body) as { access_token: string };
  const introspected = expect(200, await send('/introspect', { ...client, token: access_token }));
  if (!introspected.body.includes('"active":true')) throw new Error(introspected.body);
  expect(200, await send('/activate'));
  expect(200, await send('/jwks'));
}

function expect(status: number, answer: Answer): Answer {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.body.slice(0, 200)}`);
  return answer;
}

function sendTo({ port, agent, ca }: Server, path: string, form?: Record<string, string>): Promise<Answer> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined
        ? {}
        : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) };
    const send = ca === undefined ? request : tlsRequest;
    const sent = send(
      { host: 'localhost', family: 4, port, path, agent, ca, method: body === undefined ? 'GET' : 'POST', headers },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
