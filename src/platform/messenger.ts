import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import { newId } from './ids.ts';
import type { Vault } from './vault.ts';

/** Sends a text message to a phone number (E.164). Throws when it could not be handed over; the outbox tries again. */
export type Messenger = { send(message: { id: string; to: string; body: string }): Promise<void> };

/** An SMS gateway over HTTP: POST {id, to, body} with a bearer token; any 2xx means accepted, `id` lets the gateway drop a repeat. */
export function createHttpMessenger(options: { url: string; token: string; timeoutMs?: number }): Messenger {
  return {
    async send(message) {
      const response = await fetch(options.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${options.token}` },
        body: JSON.stringify(message),
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
      });
      await response.body?.cancel();
      if (!response.ok) throw new GatewayRefused(response.status);
    },
  };
}

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
