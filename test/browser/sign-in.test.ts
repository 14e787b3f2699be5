import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERSONAS } from '../../src/sandbox/personas.ts';
import { sandboxPerson } from '../../src/sandbox/sandbox-person.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import {
  giveActivePerson,
  giveLock,
  givePendingPerson,
  giveSecrets,
  TEST_SECRETS,
  type TestPerson,
} from '../support/people.ts';
import { appCode, authorizePath, essentialAcr, giveClient } from '../support/sign-in-walk.ts';
import { CITIZENS, type Citizen, newCitizen, WHO } from './support/citizen.ts';
import { inChromium } from './support/in-chromium.ts';

const { password } = TEST_SECRETS;
const SERVICE = 'dich-vu-thu';
const LEVEL_TWO = 'dich-vu-muc-do-2';

inChromium('Signing in in Chromium', {}, (stage) => {
  let service: Server;
  let serviceOrigin: string;
  beforeAll(async () => {
    const { app } = stage.test;
    await seedPersonas(app, app.clock());
    service = createServer((_, response) =>
      response.end('<!doctype html><title>Service</title><link rel="icon" href="data:,">'),
    );
    await new Promise<void>((resolve) => {
      service.listen(0, '127.0.0.1', resolve);
    });
    serviceOrigin = `http://localhost:${(service.address() as AddressInfo).port}`;
    const metadata = {
      redirect_uris: [`${serviceOrigin}/callback`],
      post_logout_redirect_uris: [`${serviceOrigin}/`],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
    };
    const name = { vi: 'Thư viện thành phố', en: 'City library' };
    const purpose = { vi: 'Làm thẻ bạn đọc và gửi sách đến nhà', en: 'To issue a reader card and deliver books' };
    const essentialScopes = ['openid', 'profile'];
    await giveClient(stage.test, { id: SERVICE, name, purpose, essentialScopes, metadata });
    await giveClient(stage.test, { id: LEVEL_TWO, name, purpose, metadata, leastAccountLevel: 2, leastAuthLevel: 2 });
  });
  afterAll(async () => {
    service.closeAllConnections();
    await new Promise((resolve) => {
      service.close(resolve);
    });
  });

  const request = (params: Record<string, string> = {}): string =>
    authorizePath({ client_id: SERVICE, redirect_uri: `${serviceOrigin}/callback`, ...params });

  describe.each(CITIZENS)(WHO, (who) => {
    const visit = (): Promise<Citizen> =>
      newCitizen(stage.browser, { baseURL: stage.test.issuer, otherOrigin: serviceOrigin, ...who });
    const signIn = async (
      person: Pick<TestPerson, 'citizenId'>,
      params: Record<string, string> = {},
    ): Promise<Citizen> => {
      const citizen = await visit();
      await citizen.open(request(params));
      await citizen.fill({ citizen_id: person.citizenId, password });
      await citizen.press();
      return citizen;
    };

    it('leads with a second factor and consent to the service, and out again', async () => {
      const citizen = await visit();
      const persona = PERSONAS.find(({ key }) => key === 'l2-active');
      if (persona === undefined) throw new Error('The sandbox has no l2-active.');
      const { citizenId } = sandboxPerson(persona, stage.test.app.clock());
      const scope = 'openid profile phone residence offline_access';
      await citizen.open(request({ scope, acr_values: 'urn:vn:eid:auth:2', prompt: 'consent' }));
      await citizen.meets('sign-in');
      await citizen.press();
      await citizen.meets('sign-in-empty', { errors: ['citizen_id'] });
      await citizen.fill({ citizen_id: citizenId, password: 'Khong_dung#1' });
      await citizen.press();
      await citizen.meets('sign-in-wrong', { errors: [''] });
      await citizen.fill({ password: persona.secrets.password });
      await citizen.press();
      await citizen.meets('sign-in-app-code');
      await citizen.press();
      await citizen.meets('sign-in-app-code-error', { errors: ['code'] });
      await citizen.page.click('main summary');
      await citizen.press('main details button');
      await citizen.meets('sign-in-sms-code');
      await citizen.fill({ code: '000001' });
      await citizen.press();
      await citizen.meets('sign-in-sms-code-error', { errors: ['code'] });
      await citizen.page.click('main summary');
      await citizen.press('main details a');
      await citizen.fill({ code: await appCode() });
      await citizen.press();
      await citizen.meets('consent');
      await Promise.all([
        citizen.page.waitForEvent('load'),
        citizen.page.evaluate("document.querySelector('main form').submit()"),
      ]);
      await citizen.meets('consent-error', { errors: ['decision'] });
      await citizen.page.click('label[for=scope]');
      await citizen.press('button[value=allow]');
      expect(new URL(citizen.page.url()).origin).toBe(serviceOrigin);
      expect(new URL(citizen.page.url()).searchParams.get('code')).toBeTruthy();

      await citizen.open(request({ scope: `${scope} email`, prompt: 'consent' }));
      await citizen.meets('consent-again');
      await citizen.press('button[value=deny]');
      expect(new URL(citizen.page.url()).searchParams.get('error')).toBe('access_denied');

      await citizen.open(`/logout?client_id=${SERVICE}`);
      await citizen.meets('logout');
      // Its form is good once, and the judge looked at the page again.
      await citizen.page.reload();
      await citizen.press();
      await citizen.meets('logged-out');
      await citizen.leave();
      // A code of the app is good once, and the next visitor is the same person.
      stage.test.travel({ seconds: 60 });
    });

    it('asks a signed-in citizen only for the factor that is missing', async () => {
      const person = await giveActivePerson(stage.test.app, { level: 1 });
      const citizen = await signIn(person);
      await citizen.open(request({ client_id: LEVEL_TWO, acr_values: 'urn:vn:eid:auth:2' }));
      await citizen.open(request({ claims: essentialAcr(2) }));
      await citizen.meets('step-up');
      await citizen.press();
      await citizen.meets('step-up-code');
      await citizen.page.click('main summary');
      await citizen.press('main details button');
      await citizen.meets('step-up-too-early', { errors: [''] });
      await citizen.leave();
    });

    it('is paused after too many guesses', async () => {
      const person = await giveActivePerson(stage.test.app);
      const citizen = await signIn({ citizenId: person.citizenId }, { prompt: 'login' });
      await citizen.context.clearCookies();
      await citizen.open(request());
      for (let count = 0; count < 6; count += 1) {
        await citizen.fill({ citizen_id: person.citizenId, password: 'Khong_dung#1' });
        await citizen.press();
      }
      await citizen.meets('sign-in-throttled');
      await citizen.leave();
    });

    it.each([
      ['locked', {}, () => lockedPerson('holder_request')],
      ['deceased', {}, () => lockedPerson('death')],
      ['pending', {}, () => waitingPerson('pending_activation')],
      ['late', {}, () => waitingPerson('late_activation')],
      ['child', {}, () => giveActivePerson(stage.test.app, { level: 1, age: 10 })],
      ['level-too-low', { client_id: LEVEL_TWO }, () => giveActivePerson(stage.test.app, { level: 1 })],
      ['no-second-factor', { client_id: LEVEL_TWO }, () => giveActivePerson(stage.test.app, { hasPhone: false })],
    ] as const)('says what to do where it cannot go on: %s', async (name, params, givePerson) => {
      const citizen = await signIn(await givePerson(), params);
      await citizen.meets(`sign-in-${name}`);
      await citizen.press('main button.secondary');
      expect(new URL(citizen.page.url()).searchParams.get('error')).toBeTruthy();
      await citizen.leave();
    });

    it('explains what the service asked for and nobody can do', async () => {
      const citizen = await visit();
      await citizen.open(request({ claims: essentialAcr(3) }));
      await citizen.meets('sign-in-unmet');
      await citizen.open(request({ client_id: 'khong-co' }));
      await citizen.meets('oidc-error');
      await citizen.open('/interaction/khong-co');
      await citizen.meets('sign-in-over');
      await citizen.open('/account/enter?error=access_denied');
      await citizen.meets('account-entry-refused');
      await citizen.leave();
    });
  });

  async function lockedPerson(ground: 'holder_request' | 'death'): Promise<TestPerson> {
    const person = await giveActivePerson(stage.test.app);
    await giveLock(stage.test.app, person, ground);
    return person;
  }

  async function waitingPerson(status: 'pending_activation' | 'late_activation'): Promise<TestPerson> {
    const person = await givePendingPerson(stage.test.app, { status });
    await giveSecrets(stage.test.app, person);
    return person;
  }
});
