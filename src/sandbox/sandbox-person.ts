import { ageAt } from '../domain/birth-date.ts';
import { type CitizenId, parseCitizenId } from '../domain/citizen-id.ts';
import type { LockGround } from '../domain/lock.ts';
import { type PhoneNumber, parsePhoneNumber } from '../domain/phone-number.ts';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { PERSONAS, type Persona, type PersonaKey, type PersonSecrets, type SeedGrant } from './personas.ts';

/** A fictional person ready to be written into the register. */
export type SandboxPerson = {
  personId: string;
  accountId: string;
  kind: 'citizen' | 'foreigner';
  citizenId: CitizenId;
  phone: PhoneNumber;
  fullName: string;
  gender: 'male' | 'female';
  birthOn: CalendarDate;
  nationality: string;
  placeOfBirth: string;
  unitCode: string;
  street: string;
  email?: string;
  cardIssuedOn: CalendarDate;
  guardian?: { personId: string; relationship: 'father' | 'mother' | 'guardian' };
  grants: readonly SeedGrant[];
  lock?: LockGround;
  secrets: PersonSecrets;
  totpSecret?: string;
};

/** The persona as of `now`. */
export function sandboxPerson(persona: Persona, now: Date): SandboxPerson {
  const { fullName, gender, nationality = 'VNM', placeOfBirth, unitCode, street, cardIssuedOn } = persona;
  const birthOn = 'on' in persona.birth ? persona.birth.on : birthOnAtAge(persona.birth.age, now);
  const { guardian } = persona;
  return {
    ...personaIds(persona.key),
    kind: nationality === 'VNM' ? 'citizen' : 'foreigner',
    citizenId: syntheticCitizenId({ birthOn, gender, serial: persona.serial }),
    phone: syntheticPhone(persona.phone),
    fullName,
    gender,
    birthOn,
    nationality,
    placeOfBirth,
    unitCode,
    street,
    cardIssuedOn,
    grants: persona.grants,
    secrets: persona.secrets,
    ...(persona.email === undefined ? {} : { email: persona.email }),
    ...(guardian === undefined
      ? {}
      : { guardian: { personId: personaIds(guardian.key).personId, relationship: guardian.relationship } }),
    ...(persona.lock === undefined ? {} : { lock: persona.lock }),
    ...(persona.totpSecret === undefined ? {} : { totpSecret: persona.totpSecret }),
  };
}

/** A persona's row ids never change, so that it is found by its key alone. They are UUIDs of version 8, as are those of everybody
 *  made by the sandbox: no other row has one. The letters keep them from looking like a citizen id. @see https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
export function personaIds(key: PersonaKey): { personId: string; accountId: string } {
  const number = String(PERSONAS.findIndex((persona) => persona.key === key) + 1).padStart(8, '0');
  return { personId: `99900000-0000-8000-8000-face${number}`, accountId: `99900000-0000-8000-8001-face${number}` };
}

/** The id as the sandbox's own: version 8 in place of 7. */
export function sandboxId(id: string): string {
  return `${id.slice(0, 14)}8${id.slice(15)}`;
}

export function isSandboxId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text);
}

/** Someone of that age today; the first of this month, so that the age stands for eleven months at least. */
export function birthOnAtAge(age: number, now: Date): CalendarDate {
  const [year, month] = vietNamDay(now).split('-');
  return `${Number(year) - age}-${month}-01`;
}

/** Under the unassigned prefix 999: no real person can be hit. */
export function syntheticCitizenId(facts: {
  birthOn: CalendarDate;
  gender: 'male' | 'female';
  serial: string;
}): CitizenId {
  const centuryAndSex = (Number(facts.birthOn.slice(0, 2)) - 19) * 2 + (facts.gender === 'female' ? 1 : 0);
  const parsed = parseCitizenId(`999${centuryAndSex}${facts.birthOn.slice(2, 4)}${facts.serial}`, {
    allowSynthetic: true,
  });
  if (!parsed.ok) throw new Error(`a synthetic citizen id is ${parsed.reason}`);
  return parsed.value;
}

export function syntheticPhone(text: string): PhoneNumber {
  const parsed = parsePhoneNumber(text);
  if (!parsed.ok) throw new Error(`a synthetic phone number is ${parsed.reason}`);
  return parsed.value;
}

/** A card lasts until the holder turns 14, 25, 40 or 60; after that for life. Source: Law 26/2023/QH15, Article 21. */
export function cardExpiresOn(birthOn: CalendarDate, now: Date): CalendarDate | undefined {
  const nextAge = [14, 25, 40, 60].find((age) => age > ageAt(birthOn, now));
  return nextAge === undefined ? undefined : `${Number(birthOn.slice(0, 4)) + nextAge}${birthOn.slice(4)}`;
}
