import type { Chrome } from '../chrome.ts';
import { steps } from '../components/steps.ts';
import type { Html } from '../html.ts';

const LABELS = {
  identity: 'activation.step_identity',
  code: 'activation.step_code',
  password: 'activation.step_password',
  passcode: 'activation.step_passcode',
  questions: 'activation.step_questions',
  guardian: 'activation.step_guardian',
  done: 'activation.step_done',
} as const;

export type ActivationPart = keyof typeof LABELS;

/** The way of most people, until it is known who this is. */
export const ACTIVATION_PARTS = ['identity', 'code', 'password', 'passcode', 'questions', 'done'] as const;

/** Where one is; `parts` are those this person goes through. */
export function activationSteps({ t }: Chrome, parts: readonly ActivationPart[], current: ActivationPart): Html {
  const labels = parts.map((part) => t(LABELS[part]));
  return steps(parts.indexOf(current) + 1, parts.length, labels);
}
