import { describe, expect, it } from 'vitest';
import { judgeAnswers } from '../../src/domain/security-answers.ts';

const GOOD = { question1: 'first_pet', answer1: ' Mèo  Mướp! ', question2: 'first_job', answer2: 'Thợ mộc' };

describe('two security answers', () => {
  it('are taken in the form in which they are hashed', () => {
    expect(judgeAnswers(GOOD)).toEqual({
      ok: true,
      first: { question: 'first_pet', answer: 'meo muop' },
      second: { question: 'first_job', answer: 'tho moc' },
    });
  });

  it('are refused with everything that is wrong at once', () => {
    expect(judgeAnswers({ question1: '', answer1: '!', question2: 'made_up', answer2: 'x'.repeat(101) })).toEqual({
      ok: false,
      problems: [
        { field: 'question_1', reason: 'not_chosen' },
        { field: 'answer_1', reason: 'too_short' },
        { field: 'question_2', reason: 'not_chosen' },
        { field: 'answer_2', reason: 'too_long' },
      ],
    });
  });

  it('must differ, accents and case aside', () => {
    expect(judgeAnswers({ ...GOOD, question2: 'first_pet', answer2: 'MEO MUOP' })).toEqual({
      ok: false,
      problems: [
        { field: 'question_2', reason: 'same_question' },
        { field: 'answer_2', reason: 'same_answer' },
      ],
    });
  });
});
