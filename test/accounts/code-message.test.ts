import { expect, it } from 'vitest';
import { CODE_MESSAGE, codeEnd, handleCodes } from '../../src/accounts/code-message.ts';
import type { OutboxHandler } from '../../src/platform/outbox.ts';

it('A code goes out while it is good, and not when it is over', async () => {
  let now = new Date('2026-03-02T03:00:00Z');
  const sent: string[] = [];
  const said: string[] = [];
  const handlers = new Map<string, OutboxHandler>();
  handleCodes(
    { handle: (kind, handler) => void handlers.set(kind, handler) },
    {
      clock: () => now,
      messenger: { send: ({ body }) => Promise.resolve(void sent.push(body)) },
      log: { warn: (fields, message) => void said.push(message, JSON.stringify(fields)) },
    },
  );
  const until = codeEnd({ codeLifetimeSeconds: 180 }, now).getTime();
  const send = (body: string) => handlers.get(CODE_MESSAGE)?.({ to: '+84900000001', body, until }, 'an-id');
  now = new Date(until - 1);
  await send('in time');
  now = new Date(until);
  await send('too late');
  expect(sent).toEqual(['in time']);
  expect(said).toEqual(['sms.code_too_late', '{"outboxId":"an-id"}']);
});
