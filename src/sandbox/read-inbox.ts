import { parsePhoneNumber } from '../domain/phone-number.ts';
import type { Inbox, InboxMessage } from '../platform/messenger.ts';
import type { Outbox } from '../platform/outbox.ts';

export type ReadInboxDeps = { inbox: Inbox | undefined; outbox: Pick<Outbox, 'drain'> };

/** `code`: the six digits in the message, if it holds a code. */
export type ReadMessage = InboxMessage & { code?: string };

const DELIVERY_WAIT_MS = 1_500;

/** What was sent to a number, newest first, with what is on its way. Undefined when the text is not a mobile number. */
export async function readInbox(deps: ReadInboxDeps, phoneText: string): Promise<ReadMessage[] | undefined> {
  const phone = parsePhoneNumber(phoneText);
  if (!phone.ok) return undefined;
  await deliverSoon(deps.outbox);
  const messages = (await deps.inbox?.list(phone.value)) ?? [];
  return messages.map((message) => {
    const code = /\b\d{6}\b/.exec(message.body)?.[0];
    return code === undefined ? message : { ...message, code };
  });
}

/** A script that asks right after its form was accepted should find the code. A slow relying party, whose logout notice lies in the same
 *  outbox, must not hold the page up. */
async function deliverSoon(outbox: Pick<Outbox, 'drain'>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DELIVERY_WAIT_MS);
  });
  try {
    await Promise.race([outbox.drain(), enough]);
  } finally {
    clearTimeout(timer);
  }
}
