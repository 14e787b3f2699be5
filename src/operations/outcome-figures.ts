import type { CountOutcome } from '../platform/outcomes.ts';
import { type PlainMetric, plainMetric } from './request-figures.ts';

/** How steps ended, in plain numbers. */
export function countOutcomes(): { count: CountOutcome; metric: PlainMetric } {
  const counts = new Map<string, { labels: { flow: string; outcome: string }; value: number }>();
  return {
    count(flow, outcome) {
      const key = `${flow} ${outcome}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { labels: { flow, outcome }, value: 1 });
      else known.value += 1;
    },
    metric: plainMetric(
      {
        name: 'dinhdanh_flow_outcomes_total',
        help: 'How steps of activations, sign-ins, recoveries and of the protocol ended',
        type: 'counter',
      },
      () => [...counts.values()],
    ),
  };
}
