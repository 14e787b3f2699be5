import type { Chrome } from '../chrome.ts';
import { steps } from '../components/steps.ts';
import type { Html } from '../html.ts';

const PARTS = ['identity', 'code', 'proof', 'secret', 'done'] as const;

/** Where one is on the way to a new secret. */
export function recoverySteps({ t }: Chrome, current: (typeof PARTS)[number]): Html {
  const labels = PARTS.map((part) => t(`recovery.step_${part}`));
  return steps(PARTS.indexOf(current) + 1, PARTS.length, labels);
}
