import { isSecurityQuestion, normaliseAnswer, type SecurityQuestion } from './secrets-policy.ts';
import { lengthOf } from './vietnamese-text.ts';

/** Two questions with their answers, as typed. */
export type TypedAnswers = {
  readonly question1: string;
  readonly answer1: string;
  readonly question2: string;
  readonly answer2: string;
};

export type AnswerProblem = {
  readonly field: 'question_1' | 'answer_1' | 'question_2' | 'answer_2';
  readonly reason: 'not_chosen' | 'same_question' | 'too_short' | 'too_long' | 'same_answer';
};

export type JudgedAnswers =
  /** Answers in the form in which they are hashed. */
  | {
      readonly ok: true;
      readonly first: { readonly question: SecurityQuestion; readonly answer: string };
      readonly second: { readonly question: SecurityQuestion; readonly answer: string };
    }
  | { readonly ok: false; readonly problems: readonly AnswerProblem[] };

const ANSWER_LENGTH = { shortest: 2, longest: 100 } as const;

/** Judges two security questions and their answers; everything wrong is named at once (design). */
export function judgeAnswers(typed: TypedAnswers): JudgedAnswers {
  const { question1, question2 } = typed;
  const [answer1, answer2] = [normaliseAnswer(typed.answer1), normaliseAnswer(typed.answer2)];
  const problems = [
    isSecurityQuestion(question1) ? undefined : problem('question_1', 'not_chosen'),
    lengthProblem('answer_1', answer1, typed.answer1),
    secondQuestionProblem(question1, question2),
    lengthProblem('answer_2', answer2, typed.answer2) ??
      (answer1 === answer2 ? problem('answer_2', 'same_answer') : undefined),
  ].filter((one) => one !== undefined);
  if (problems.length > 0 || !isSecurityQuestion(question1) || !isSecurityQuestion(question2))
    return { ok: false, problems };
  return {
    ok: true,
    first: { question: question1, answer: answer1 },
    second: { question: question2, answer: answer2 },
  };
}

function secondQuestionProblem(first: string, second: string): AnswerProblem | undefined {
  if (!isSecurityQuestion(second)) return problem('question_2', 'not_chosen');
  return second === first ? problem('question_2', 'same_question') : undefined;
}

function lengthProblem(field: 'answer_1' | 'answer_2', normalised: string, typed: string): AnswerProblem | undefined {
  if (lengthOf(typed) > ANSWER_LENGTH.longest) return problem(field, 'too_long');
  return lengthOf(normalised) < ANSWER_LENGTH.shortest ? problem(field, 'too_short') : undefined;
}

function problem(field: AnswerProblem['field'], reason: AnswerProblem['reason']): AnswerProblem {
  return { field, reason };
}
