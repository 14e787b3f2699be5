import type { Knex } from 'knex';

type Migration = { up(knex: Knex): Promise<void>; down(knex: Knex): Promise<void> };

/** Every migration in order, by name, loaded when it is to run. A landed one never changes; the next change is a new file. */
export const migrations = {
  '0001-register': () => import('./0001-register.ts'),
  '0002-activation': () => import('./0002-activation.ts'),
  '0003-sign-in': () => import('./0003-sign-in.ts'),
  '0004-operations': () => import('./0004-operations.ts'),
  '0005-statistics': () => import('./0005-statistics.ts'),
  '0006-published-figures': () => import('./0006-published-figures.ts'),
  '0007-known-counters': () => import('./0007-known-counters.ts'),
  '0008-counter-deltas': () => import('./0008-counter-deltas.ts'),
  '0009-late-and-waits': () => import('./0009-late-and-waits.ts'),
  '0010-residents': () => import('./0010-residents.ts'),
  '0011-campaigns-funnel': () => import('./0011-campaigns-funnel.ts'),
  '0012-adoption': () => import('./0012-adoption.ts'),
  '0013-import-positions': () => import('./0013-import-positions.ts'),
  '0014-scattered-keys': () => import('./0014-scattered-keys.ts'),
  '0015-counter-versions': () => import('./0015-counter-versions.ts'),
  '0016-snapshot-definitions': () => import('./0016-snapshot-definitions.ts'),
  '0017-lean-events': () => import('./0017-lean-events.ts'),
  '0018-shared-texts': () => import('./0018-shared-texts.ts'),
  '0019-appended-rows': () => import('./0019-appended-rows.ts'),
  '0020-whole-counters': () => import('./0020-whole-counters.ts'),
  '0021-outbox-lanes': () => import('./0021-outbox-lanes.ts'),
} satisfies Record<string, () => Promise<Migration>>;
