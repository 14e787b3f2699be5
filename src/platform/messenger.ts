import http from 'node:http';
import https from 'node:https';
import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import { newId } from './ids.ts';
import type { Vault } from './vault.ts';

/** Sends a text message to a phone number (E.164). Throws when it could not be handed over; the outbox tries again. */
export type Messenger = { send(message: { id: string; to: string; body: string }): Promise<void> };

/** An SMS gateway over HTTP: POST {id, to, body} with a bearer token; any 2xx means accepted, `id` lets the gateway drop a repeat. Over connections that are kept, by
 *  Node's own client: `fetch` costs the event loop twice as much a message. */
export function createHttpMessenger(options: { url: string; token: string; timeoutMs?: number }): Messenger {
  const { url, token, timeoutMs = 10_000 } = options;
  const [client, Agent] = url.startsWith('https:') ? [https, https.Agent] : [http, http.Agent];
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const post = (body: Buffer, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = client.request(url, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': body.length },
        signal,
      });
      request.on('error', (error) => {
        // It ended the connection just as it was used again, and has read nothing: another one is opened.
        const isStale = request.reusedSocket && 'code' in error && STALE.has(String(error.code));
        if (isStale && !signal.aborted) resolve(post(body, signal));
        else reject(error);
      });
      request.on('response', (response) => {
        const { statusCode = 0 } = response;
        response.on('error', reject).on('end', () => {
          if (statusCode >= 200 && statusCode < 300) resolve();
          else reject(new GatewayRefused(statusCode));
        });
        response.resume();
      });
      request.end(body);
    });
  return { send: (message) => post(Buffer.from(JSON.stringify(message)), AbortSignal.timeout(timeoutMs)) };
}

const STALE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

class GatewayRefused extends Error {
  override name: string;
  constructor(status: number) {
    super('the SMS gateway refused the message');
    this.name = `GatewayRefused${status}`;
  }
}

export type InboxMessage = { id: string; body: string; sentAt: Date };
export type Inbox = { messenger: Messenger; list(phone: string, limit?: number): Promise<InboxMessage[]> };

const PURPOSE = 'sandbox_messages.phone';

/** The sandbox's phone network: what would be sent lies in a table, for /sandbox/inbox. */
export function createInbox(deps: { db: Db; vault: Vault; clock: Clock }): Inbox {
  return {
    messenger: {
      async send({ to, body }) {
        const id = newId();
        await deps.db('sandbox_messages').insert({
          id,
          phone_index: deps.vault.blindIndex(PURPOSE, to),
          body_sealed: deps.vault.seal(body, { table: 'sandbox_messages', column: 'body', id }),
          sent_at: deps.clock().getTime(),
        });
      },
    },
    async list(phone, limit = 50) {
      const rows = (await deps
        .db('sandbox_messages')
        .whereIn('phone_index', deps.vault.blindIndexes(PURPOSE, phone))
        .orderBy([
          { column: 'sent_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit)) as { id: string; body_sealed: string; sent_at: number }[];
      return rows.map((row) => ({
        id: row.id,
        body: deps.vault.open(row.body_sealed, { table: 'sandbox_messages', column: 'body', id: row.id }),
        sentAt: new Date(row.sent_at),
      }));
    },
  };
}
