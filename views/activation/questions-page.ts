import { html } from 'hono/html';
import type { SecurityQuestion } from '../../src/domain/secrets-policy.ts';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { type Option, selectField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type ActivationPart, activationSteps } from './step-labels.ts';

export type QuestionsPageModel = {
  readonly questions: readonly SecurityQuestion[];
  /** Chosen before; answers never travel back. */
  readonly chosen: { readonly question1: string; readonly question2: string };
  readonly parts: readonly ActivationPart[];
  /** What the button does. */
  readonly ends: 'activates' | 'sets_credentials' | 'asks_guardian';
  readonly errors: readonly FieldError[];
};

const BUTTON = {
  activates: 'activation.finish',
  sets_credentials: 'activation.finish_credentials',
  asks_guardian: 'activation.ask_guardian',
} as const;

export function questionsPage(chrome: Chrome, model: QuestionsPageModel): Html {
  const { t } = chrome;
  const { questions, chosen, parts, ends, errors } = model;
  const options = questions.map((value) => ({ value, text: t(`activation.question.${value}`) }));
  return layout(chrome, {
    title: t('activation.questions_title'),
    errors,
    narrow: true,
    main: html`${activationSteps(chrome, parts, 'questions')}
<h1>${t('activation.questions_title')}</h1>
<p>${t('activation.questions_lead')}</p>
${form(
  chrome,
  { action: '/activate/questions' },
  html`${question(chrome, { number: 1, options, chosen: chosen.question1, errors })}
${question(chrome, { number: 2, options, chosen: chosen.question2, errors })}
<p class="actions">${primaryButton(t(BUTTON[ends]))}</p>`,
)}`,
  });
}

type QuestionModel = {
  readonly number: 1 | 2;
  readonly options: readonly Option[];
  readonly chosen: string;
  readonly errors: readonly FieldError[];
};

function question({ t }: Chrome, { number, options, chosen, errors }: QuestionModel): Html {
  return html`${selectField({
    name: `question_${number}`,
    label: t(`activation.question_${number}`),
    options,
    value: chosen,
    placeholder: t('activation.choose_question'),
    error: errorOf(errors, `question_${number}`),
  })}
${textField({
  name: `answer_${number}`,
  label: t(`activation.answer_${number}`),
  error: errorOf(errors, `answer_${number}`),
  maxLength: 100,
})}`;
}
