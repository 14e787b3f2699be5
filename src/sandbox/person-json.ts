import type { DescribedPerson } from './describe-person.ts';
import type { ReadMessage } from './read-inbox.ts';

/** A fictional person for a script. Names are those of the form fields, so that a value goes where its name says. */
export function personJson(issuer: string, person: DescribedPerson): Record<string, unknown> {
  const { secrets, totp } = person;
  return {
    key: person.key,
    login_hint: `persona:${person.key}`,
    full_name: person.fullName,
    birth_on: person.birthOn,
    gender: person.gender,
    citizen_id: person.citizenId,
    phone_number: person.phone,
    account_id: person.accountId,
    account_status: person.status,
    account_level: person.accountLevel,
    grants: person.grants.map((grant) => ({
      account_level: grant.accountLevel,
      status: grant.status,
      due_at: grant.dueAt?.toISOString(),
      activated_at: grant.activatedAt?.toISOString(),
    })),
    secrets_state: person.secretsState,
    password: secrets.password,
    passcode: secrets.passcode,
    question_1: secrets.question1,
    answer_1: secrets.answer1,
    question_2: secrets.question2,
    answer_2: secrets.answer2,
    totp_secret: totp?.secret,
    totp_code: totp?.current,
    totp_next_code: totp?.next,
    totp_seconds_left: totp?.secondsLeft,
    card_issued_on: person.cardIssuedOn,
    guardian: person.guardianKey,
    inbox: `${issuer}/sandbox/inbox.json?persona=${person.key}`,
  };
}

export function messageJson(message: ReadMessage): Record<string, unknown> {
  return { id: message.id, sent_at: message.sentAt.toISOString(), body: message.body, code: message.code };
}
