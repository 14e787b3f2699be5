import { generate } from 'otplib';
import type { SandboxPerson } from '../../../src/sandbox/sandbox-person.ts';
import type { Citizen, SeenPage } from './citizen.ts';
import type { Town } from './town.ts';

/** Through the provider's real pages, for as long as it shows any: password, second factor, consent. */
export async function signInByHand(
  town: Town,
  citizen: Citizen,
  { page, person, decision = 'allow' }: { page: SeenPage; person: SandboxPerson; decision?: 'allow' | 'deny' },
): Promise<SeenPage> {
  let at = page;
  for (let steps = 0; steps < 8 && at.url.origin === town.issuer; steps += 1) {
    const next = await step(town, citizen, { page: at, person, decision });
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

async function step(
  town: Town,
  citizen: Citizen,
  { page, person, decision }: { page: SeenPage; person: SandboxPerson; decision: 'allow' | 'deny' },
): Promise<SeenPage | undefined> {
  const { $ } = page;
  if ($('input[name=password]').length > 0) {
    const typed = { citizen_id: person.citizenId, password: person.secrets.password };
    return citizen.press(page, 'form:has(input[name=password]) button.primary', typed);
  }
  if ($('input[name=code]').length > 0) {
    const isApp = $('input[name=method]').attr('value') === 'otp';
    const code = isApp ? await totp(town, person) : await town.code(person.phone);
    return citizen.press(page, 'form:has(input[name=code]) button.primary', { code });
  }
  if ($('button[name=decision]').length > 0) {
    const boxes = $('input[type=checkbox]').toArray();
    const ticked: Record<string, string[]> = {};
    for (const box of boxes) {
      const { name = '', value = '' } = box.attribs;
      ticked[name] = [...(ticked[name] ?? []), value];
    }
    return citizen.press(page, `button[name=decision][value=${decision}]`, decision === 'allow' ? ticked : {});
  }
  const send = $('form[action$="/send-code"] button').length > 0;
  return send ? citizen.press(page, 'form[action$="/send-code"] button') : undefined;
}

/** A used time step is refused, so each code is of a step of its own. */
async function totp(town: Town, { totpSecret = '' }: SandboxPerson): Promise<string> {
  town.travel({ seconds: 31 });
  return generate({ secret: totpSecret });
}
