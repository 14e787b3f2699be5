import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAccountRecord } from '../../src/accounts/account-record.ts';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { markLateGrants } from '../../src/accounts/grant-level.ts';
import { findPerson, openCitizenId } from '../../src/accounts/person-store.ts';
import { verifyPassword } from '../../src/accounts/verify-password.ts';
import { verifyTotp } from '../../src/accounts/verify-totp.ts';
import { ageAt } from '../../src/domain/birth-date.ts';
import { citizenIdWarnings, parseCitizenId } from '../../src/domain/citizen-id.ts';
import { findUnit } from '../../src/domain/place.ts';
import { checkPasscode, checkPassword } from '../../src/domain/secrets-policy.ts';
import { describePerson, describePersonas } from '../../src/sandbox/describe-person.ts';
import { personaAccount } from '../../src/sandbox/persona-account.ts';
import { PERSONAS, type PersonaKey, personaOf } from '../../src/sandbox/personas.ts';
import { personaIds, sandboxPerson } from '../../src/sandbox/sandbox-person.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { givePendingPerson } from '../support/people.ts';

const KEYS = [
  'l2-active',
  'l1-active',
  'l1-active-l2-pending',
  'pending',
  'late',
  'locked',
  'deceased',
  'child',
  'teen',
  'foreigner',
  'elder',
];

describe('the data of the personas', () => {
  it('has the eleven promised keys', () => {
    expect(PERSONAS.map(({ key }) => key)).toEqual(KEYS);
  });

  it('gives nobody the number of a living person', () => {
    const people = PERSONAS.map((persona) => sandboxPerson(persona, new Date('2026-03-02T03:00:00Z')));
    expect(people.every(({ citizenId }) => citizenId.startsWith('999'))).toBe(true);
    expect(new Set(people.map(({ citizenId }) => citizenId)).size).toBe(PERSONAS.length);
    expect(new Set(people.map(({ phone }) => phone)).size).toBe(PERSONAS.length);
  });

  it.each(PERSONAS)('$key could choose these secrets when activating', (persona) => {
    const { citizenId, phone, fullName: name, birthOn } = sandboxPerson(persona, new Date('2026-03-02T03:00:00Z'));
    const holder = { citizenId, phone, name, birthOn };
    expect(checkPassword(persona.secrets.password, holder)).toEqual({ ok: true });
    expect(checkPasscode(persona.secrets.passcode, holder)).toEqual({ ok: true });
    expect(persona.secrets.question1).not.toBe(persona.secrets.question2);
  });

  it.each(PERSONAS)('$key has an id, a birth date and a unit that agree with each other', (persona) => {
    const person = sandboxPerson(persona, new Date('2026-03-02T03:00:00Z'));
    const parsed = parseCitizenId(person.citizenId, { allowSynthetic: true });
    expect(parsed.ok && citizenIdWarnings(parsed.value, { birthDate: person.birthOn, gender: person.gender })).toEqual(
      [],
    );
    expect(findUnit(person.unitCode)?.parent).toBe('01');
  });

  it.each([
    ['child', 10],
    ['teen', 15],
    ['elder', 78],
  ] as const)('%s is %i whenever the sandbox is made', (key, age) => {
    for (const now of ['2026-01-31T18:00:00Z', '2028-02-29T03:00:00Z', '2031-12-31T16:59:00Z']) {
      expect(ageAt(sandboxPerson(personaOf(key), new Date(now)).birthOn, new Date(now))).toBe(age);
    }
  });
});

describe('seeding', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await startTestApp();
    await seedPersonas(test.app, test.app.clock());
  });
  afterEach(() => test.close());

  const standing = async (key: PersonaKey) => {
    const record = await findAccountRecord(test.app.db, personaIds(key).accountId);
    if (record === undefined) throw new Error('not seeded');
    return {
      status: record.account.status,
      level: record.accountLevel,
      grants: record.grants.map((grant) => `${grant.accountLevel} ${grant.status}`),
    };
  };

  it.each([
    ['l2-active', 'active', 2, ['2 activated']],
    ['l1-active', 'active', 1, ['1 activated']],
    ['l1-active-l2-pending', 'active', 1, ['1 activated', '2 pending_activation']],
    ['pending', 'provisional', 0, ['2 pending_activation']],
    ['late', 'provisional', 0, ['2 late_activation']],
    ['locked', 'locked', 2, ['2 activated']],
    ['deceased', 'locked', 2, ['2 activated']],
    ['child', 'provisional', 0, ['1 pending_activation']],
    ['teen', 'active', 2, ['2 activated']],
    ['foreigner', 'active', 2, ['2 activated']],
    ['elder', 'provisional', 0, ['2 pending_activation']],
  ] as const)('makes %s %s', async (key, status, level, grants) => {
    expect(await standing(key)).toEqual({ status, level, grants });
  });

  it('tells who waits by a message, and nobody else', async () => {
    const told = [];
    for (const { key, phone } of await describePersonas(test.app)) {
      if ((await test.messages(`+84${phone.slice(1)}`)).some((body) => body.includes(`${test.issuer}/activate`)))
        told.push(key);
    }
    expect(told).toEqual(['l1-active-l2-pending', 'pending', 'child', 'elder']);
  });

  it('gives l2-active her password and an authenticator whose code is accepted once', async () => {
    const { accountId } = personaIds('l2-active');
    const person = await describePerson(test.app, 'l2-active');
    if (person?.totp === undefined) throw new Error('she has no authenticator');
    expect(person.secretsState).toBe('given');
    expect(await verifyPassword(test.app, accountId, person.secrets.password)).toBe(true);
    const { current, next } = person.totp;
    const verdicts = [];
    for (const code of [current, current, next]) verdicts.push((await verifyTotp(test.app, accountId, code)).kind);
    expect(verdicts).toEqual(['right', 'wrong', 'right']);
  });

  it('makes l2-active the guardian of the child', async () => {
    const child = await findPerson(test.app.db, personaIds('child').personId);
    expect(child?.guardianPersonId).toBe(personaIds('l2-active').personId);
  });

  it('changes nothing when it runs again', async () => {
    const before = await describePersonas(test.app);
    expect(await seedPersonas(test.app, test.app.clock())).toEqual({ added: 0, reopened: 0 });
    expect(await describePersonas(test.app)).toEqual(before);
  });

  it('leaves counters that equal a recount', async () => {
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('opens the time of those who should be waiting when the sandbox starts again weeks later', async () => {
    test.travel({ seconds: 20 * 86_400 });
    await markLateGrants(test.app.db, test.app.clock());
    expect((await standing('pending')).grants).toEqual(['2 late_activation']);

    expect(await seedPersonas(test.app, test.app.clock())).toEqual({ added: 0, reopened: 4 });
    expect((await standing('pending')).grants).toEqual(['2 pending_activation']);
    expect((await standing('late')).grants).toEqual(['2 late_activation']);
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('finds a persona by key, and never somebody who is in the register for real', async () => {
    expect((await personaAccount(test.app.db, 'teen'))?.status).toBe('active');
    const imported = await givePendingPerson(test.app);
    expect(await personaAccount(test.app.db, imported.accountId)).toBeUndefined();
    expect(await personaAccount(test.app.db, 'nobody')).toBeUndefined();
  });

  it('keeps the citizen id sealed in the database', async () => {
    const person = await findPerson(test.app.db, personaIds('pending').personId);
    expect(person?.citizenIdSealed).not.toContain('999');
    expect(person && openCitizenId(test.app.vault, person)).toMatch(/^999/);
  });
});
