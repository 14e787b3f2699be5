import { errors } from 'oidc-provider';
import { openStore, type StoreAddress } from './stores.ts';

/** A second process on the same store. Started with an address and a task; `consume` waits for a message, so that all begin at once. */
export type ChildTask =
  | { kind: 'consume'; model: string; id: string; times: number }
  /** Stores one after the other and tells each id once it is stored, until it is killed. */
  | { kind: 'store-until-killed'; model: string }
  | { kind: 'end-sessions'; accountId: string };

const [address, task] = process.argv.slice(2).map((text) => JSON.parse(text) as unknown) as [StoreAddress, ChildTask];
const { store, close } = await openStore(address, { clock: () => new Date() });
const tell = (message: unknown): void => void process.send?.(message);

switch (task.kind) {
  case 'consume': {
    const { model, id, times } = task;
    tell('ready');
    await new Promise((resolve) => process.once('message', resolve));
    const results = await Promise.allSettled(Array.from({ length: times }, () => store.adapterFor(model).consume(id)));
    const other = results.find(
      (result) =>
        result.status === 'rejected' &&
        !(result.reason instanceof errors.InvalidGrant || result.reason instanceof errors.InvalidRequestUri),
    );
    tell({
      successes: results.filter(({ status }) => status === 'fulfilled').length,
      other: other?.status === 'rejected' ? String(other.reason) : undefined,
    });
    break;
  }
  case 'store-until-killed':
    for (let n = 0; ; n += 1) {
      await store.adapterFor(task.model).upsert(`stored-${n}`, { clientId: 'shop', grantId: `grant-${n}` }, 600);
      tell(`stored-${n}`);
    }
  case 'end-sessions':
    tell({ ended: (await store.destroySessions(task.accountId)).length });
}

await close();
process.disconnect?.();
