import type { PhoneNumber } from '../domain/phone-number.ts';
import type { Db } from '../platform/database.ts';
import type { Messenger } from '../platform/messenger.ts';
import type { Outbox, OutboxHandler } from '../platform/outbox.ts';

/** A kind of its own, ahead of every notice: a code is worth something for minutes. */
export const CODE_MESSAGE = 'sms_code';
const DECOY = 'decoy';
/** As long as any. */
const NO_PHONE = '+84000000000';

export type CodeMessage = {
  /** Undefined for a pair that does not exist: a message of the same size is written that nobody gets. */
  readonly to: PhoneNumber | undefined;
  readonly body: string;
  /** When the code is worth nothing any more. */
  readonly until: Date;
};

/** Puts a one-time code's text message into the caller's transaction. */
export async function enqueueCode(tx: Db, outbox: Pick<Outbox, 'enqueue'>, message: CodeMessage): Promise<void> {
  const { to, body, until } = message;
  const payload = { to: to ?? NO_PHONE, body, until: until.getTime() };
  await outbox.enqueue(tx, { kind: to === undefined ? DECOY : CODE_MESSAGE, payload });
}

/** @returns when a code that is made now is over. */
export function codeEnd({ codeLifetimeSeconds }: { codeLifetimeSeconds: number }, now: Date): Date {
  return new Date(now.getTime() + codeLifetimeSeconds * 1_000);
}

/** A code that is over is not sent: it would only be taken for the newer one. */
export function handleCodes(outbox: Pick<Outbox, 'handle'>, deps: CodeHandlerDeps): void {
  const send: OutboxHandler = async ({ to, body, until }, id) => {
    if (deps.clock().getTime() < Number(until)) await deps.messenger.send({ id, to: String(to), body: String(body) });
    else deps.log.warn({ outboxId: id }, 'sms.code_too_late');
  };
  outbox.handle(CODE_MESSAGE, send);
  outbox.handle(DECOY, () => Promise.resolve());
}

type CodeHandlerDeps = {
  readonly messenger: Messenger;
  readonly clock: () => Date;
  readonly log: { warn(fields: object, message: string): void };
};
