import type { Knex } from 'knex';
import * as register from './0001-register.ts';
import * as activation from './0002-activation.ts';
import * as signIn from './0003-sign-in.ts';
import * as operations from './0004-operations.ts';
import * as statistics from './0005-statistics.ts';
import * as publishedFigures from './0006-published-figures.ts';
import * as knownCounters from './0007-known-counters.ts';
import * as counterDeltas from './0008-counter-deltas.ts';
import * as lateAndWaits from './0009-late-and-waits.ts';
import * as residents from './0010-residents.ts';
import * as campaignsFunnel from './0011-campaigns-funnel.ts';
import * as adoption from './0012-adoption.ts';
import * as importPositions from './0013-import-positions.ts';
import * as scatteredKeys from './0014-scattered-keys.ts';
import * as counterVersions from './0015-counter-versions.ts';
import * as snapshotDefinitions from './0016-snapshot-definitions.ts';
import * as leanEvents from './0017-lean-events.ts';
import * as sharedTexts from './0018-shared-texts.ts';
import * as appendedRows from './0019-appended-rows.ts';
import * as wholeCounters from './0020-whole-counters.ts';

type Migration = { up(knex: Knex): Promise<void>; down(knex: Knex): Promise<void> };

/** Every migration in order, by name. A landed one never changes; the next change is a new file. */
export const migrations = {
  '0001-register': register,
  '0002-activation': activation,
  '0003-sign-in': signIn,
  '0004-operations': operations,
  '0005-statistics': statistics,
  '0006-published-figures': publishedFigures,
  '0007-known-counters': knownCounters,
  '0008-counter-deltas': counterDeltas,
  '0009-late-and-waits': lateAndWaits,
  '0010-residents': residents,
  '0011-campaigns-funnel': campaignsFunnel,
  '0012-adoption': adoption,
  '0013-import-positions': importPositions,
  '0014-scattered-keys': scatteredKeys,
  '0015-counter-versions': counterVersions,
  '0016-snapshot-definitions': snapshotDefinitions,
  '0017-lean-events': leanEvents,
  '0018-shared-texts': sharedTexts,
  '0019-appended-rows': appendedRows,
  '0020-whole-counters': wholeCounters,
} satisfies Record<string, Migration>;
