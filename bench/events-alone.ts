import { type ActivationEvent, EVENTS, eventRow } from '../src/accounts/activation-event-store.ts';
import { rowsAppended } from '../src/platform/bulk-rows.ts';
import type { Db } from '../src/platform/database.ts';
import { runShort } from '../src/platform/prepared-queries.ts';

/** In place of the product's, where a benchmark asks what an activation would cost if nothing were counted: the events, which are the facts, are written all the same. */
export async function recordActivationEvents(tx: Db, events: readonly ActivationEvent[]): Promise<void> {
  await runShort(tx, () => rowsAppended(tx, EVENTS, events.map(eventRow)));
}
