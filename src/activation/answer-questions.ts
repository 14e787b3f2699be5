import { tellHolder } from '../accounts/tell-holder.ts';
import { nextStep } from '../domain/activation.ts';
import type { AttemptOutcome } from '../domain/activation-funnel.ts';
import { isSecurityQuestion, normaliseAnswer, type SecurityQuestion } from '../domain/secrets-policy.ts';
import { translator } from '../i18n/translator.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { newSecret } from '../platform/ids.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, changeAttempt, finishAttempt } from './attempt-store.ts';
import { completeAttempt } from './complete-attempt.ts';
import { judgeAccount } from './judge-account.ts';

export type AnswersInput = { question1: string; answer1: string; question2: string; answer2: string };
export type AnswerProblem = {
  field: 'question_1' | 'answer_1' | 'question_2' | 'answer_2';
  reason: 'not_chosen' | 'same_question' | 'too_short' | 'too_long' | 'same_answer';
};
export type AnswersOutcome =
  | { kind: 'refused'; problems: readonly AnswerProblem[] }
  | { kind: 'finished'; outcome: AttemptOutcome }
  | { kind: 'waits_for_guardian' }
  | { kind: 'elsewhere' };

/** A guardian may not be at hand; the due time of the grant still counts. */
export const GUARDIAN_WAIT_SECONDS = 86_400;
const SHORTEST_ANSWER = 2;
const LONGEST_ANSWER = 100;

/** The last thing the citizen does: with her answers everything is written in one transaction, or the guardian is asked. */
export async function answerQuestions(
  deps: ActivationDeps,
  attempt: Attempt,
  input: AnswersInput,
): Promise<AnswersOutcome> {
  const problems = problemsOf(input);
  const { question1, question2 } = input;
  if (problems.length > 0 || !isSecurityQuestion(question1) || !isSecurityQuestion(question2))
    return { kind: 'refused', problems };
  const [answer1Hash, answer2Hash] = await Promise.all([
    deps.hasher.hash(normaliseAnswer(input.answer1)),
    deps.hasher.hash(normaliseAnswer(input.answer2)),
  ]);
  const answers = { question1, answer1Hash, question2, answer2Hash };
  const now = deps.clock();
  const outcome = await inTransaction(deps.db, (tx) => moveOn(tx, deps, { ...attempt, ...answers }, now));
  deps.outbox.nudge();
  if (outcome.kind === 'finished') {
    deps.log.info({ accountId: attempt.accountId, outcome: outcome.outcome }, 'activation.finished');
    deps.countOutcome?.('activation', outcome.outcome);
  }
  return outcome;
}

type Answered = Attempt & {
  question1: SecurityQuestion;
  answer1Hash: string;
  question2: SecurityQuestion;
  answer2Hash: string;
};

async function moveOn(tx: Db, deps: ActivationDeps, attempt: Answered, now: Date): Promise<AnswersOutcome> {
  const { question1, answer1Hash, question2, answer2Hash } = attempt;
  const step = nextStep({ ...attempt, step: 'questions' });
  const answered = { step, question1, answer1Hash, question2, answer2Hash };
  if (!(await changeAttempt(tx, { id: attempt.id, step: 'questions' }, answered))) return { kind: 'elsewhere' };
  if (step === 'guardian') return askGuardian(tx, deps, attempt, now);
  return { kind: 'finished', outcome: await completeAttempt(tx, deps, attempt, { now }) };
}

/** Puts the request before the guardian and gives it a day. A helper's device forgets it then (routes.ts): the guardian's own page suffices. */
async function askGuardian(tx: Db, deps: ActivationDeps, attempt: Attempt, now: Date): Promise<AnswersOutcome> {
  const judged = await judgeAccount(tx, attempt.accountId ?? '', { now, mayReopen: false });
  const guardianAccountId = judged?.guardianAccountId;
  if (guardianAccountId === undefined) {
    await finishAttempt(tx, attempt.id, 'guardian_missing', now);
    return { kind: 'finished', outcome: 'guardian_missing' };
  }
  await changeAttempt(
    tx,
    { id: attempt.id, step: 'guardian' },
    {
      guardianAccountId,
      guardianReference: newSecret(12),
      expiresAt: new Date(now.getTime() + GUARDIAN_WAIT_SECONDS * 1_000),
    },
  );
  await tellHolder(tx, deps, guardianAccountId, translator('vi')('sms.guardian_asked', { issuer: deps.config.issuer }));
  return { kind: 'waits_for_guardian' };
}

function problemsOf(input: AnswersInput): AnswerProblem[] {
  const problems: AnswerProblem[] = [];
  if (!isSecurityQuestion(input.question1)) problems.push({ field: 'question_1', reason: 'not_chosen' });
  const [first, second] = [normaliseAnswer(input.answer1), normaliseAnswer(input.answer2)];
  const length1 = lengthProblem(first, input.answer1);
  if (length1 !== undefined) problems.push({ field: 'answer_1', reason: length1 });
  if (!isSecurityQuestion(input.question2)) problems.push({ field: 'question_2', reason: 'not_chosen' });
  else if (input.question2 === input.question1) problems.push({ field: 'question_2', reason: 'same_question' });
  const length2 = lengthProblem(second, input.answer2);
  if (length2 !== undefined) problems.push({ field: 'answer_2', reason: length2 });
  else if (first === second) problems.push({ field: 'answer_2', reason: 'same_answer' });
  return problems;
}

function lengthProblem(normalised: string, typed: string): 'too_short' | 'too_long' | undefined {
  if (typed.length > LONGEST_ANSWER) return 'too_long';
  return normalised.length < SHORTEST_ANSWER ? 'too_short' : undefined;
}
