import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Browser, newBrowser } from '../../oidc/support/relying-party.ts';
import { ANSWERS, localPhone } from '../../support/activation-walk.ts';
import { TEST_SECRETS, type TestPerson } from '../../support/people.ts';

export type Citizen = {
  person: TestPerson;
  /** The last page told that the account is activated. */
  wasToldDone: boolean;
  /** Answers that did not come, or were 503. */
  failures: number;
};

type Place = { issuer: string; codeOf: (phone: string) => Promise<string | undefined> };

/** Goes on until it is done: a page that does not come is asked for again, as somebody with a bad connection does. Where the activation stands is the server's to know. */
export async function activateWhateverComes(citizen: Citizen, place: Place, giveUp: AbortSignal): Promise<void> {
  const browser = newBrowser();
  let page: Answer | undefined;
  while (!giveUp.aborted) {
    try {
      page = await step(browser, page ?? (await browser.follow(`${place.issuer}/activate/code`)), citizen, place);
      if (page.status >= 500) throw new Error(String(page.status));
      if (!page.url.endsWith('/activate/done')) continue;
      citizen.wasToldDone = true;
      return;
    } catch {
      citizen.failures += 1;
      page = undefined;
      await sleep(200);
    }
  }
}

async function step(browser: Browser, page: Answer, { person }: Citizen, place: Place): Promise<Answer> {
  const { issuer } = place;
  const send = async (fields: Record<string, string>): Promise<Answer> => {
    const csrf = /name="csrf_token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const url = page.url.replace(/\?.*/, '');
    const answer = await browser.post(url, { csrf_token: csrf, ...fields }, { origin: issuer });
    return answer.location === undefined ? answer : browser.follow(answer.location.href);
  };
  switch (new URL(page.url).pathname) {
    case '/activate':
      return send({ citizen_id: person.citizenId, phone_number: localPhone(person) });
    case '/activate/code': {
      const code = await place.codeOf(person.phone);
      if (code !== undefined) return send({ code });
      await sleep(200);
      return browser.follow(`${issuer}/activate/code`);
    }
    case '/activate/password':
      return send({ password: TEST_SECRETS.password });
    case '/activate/passcode':
      return send({ passcode: TEST_SECRETS.passcode });
    case '/activate/questions':
      return send(ANSWERS);
    default:
      return page;
  }
}
