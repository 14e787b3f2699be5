import { afterAll, beforeAll, expect, it } from 'vitest';
import { deleteKnownDevices, findKnownDevice } from '../../src/accounts/known-device-store.ts';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { recordSignIn } from '../../src/sign-in/record-sign-in.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson } from '../support/people.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

it('a browser that she forgot in another window, while her password was judged, is a new one, of which she is told', async () => {
  const { app } = test;
  const { accountId, phone } = await giveActivePerson(app);
  const signIn = (device: { tokens: string[]; knownId?: string }): Promise<string | undefined> =>
    recordSignIn(app, {
      accountId,
      clientId: 'sandbox-web',
      factors: ['pwd'],
      device: { ...device, label: 'Firefox', newDeviceSms: () => 'A new device' },
    });
  const tokens = [(await signIn({ tokens: [] })) ?? ''];
  const known = await findKnownDevice(app.db, accountId, tokens);
  if (known === undefined) throw new Error('the device is not known');
  expect(await signIn({ tokens, knownId: known.id })).toBeUndefined();
  expect(await test.messages(phone)).toEqual([]);
  await deleteKnownDevices(app.db, accountId);
  expect(await signIn({ tokens, knownId: known.id })).toMatch(/./);
  expect(await test.messages(phone)).toEqual(['A new device']);
  const devices = (await listSignIns(app.db, accountId)).map(({ deviceId }) => deviceId === known.id);
  expect(devices).toEqual([false, true, true]);
});
