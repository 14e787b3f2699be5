import { keyUse, type Resealed, resealValues } from '../../key-rotation/reseal-values.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { columns, createProgressLine } from '../terminal.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

export const keysReseal: CliCommand = {
  usage: 'keys reseal',
  summary: 'seal and index all values again under the newest keys',
  details:
    'After a new key was put in front of DATA_KEYS or INDEX_KEYS and every process was restarted with it (several processes know it before it writes: docs/operations.md). Runs beside the provider, in small batches; interrupted, it goes on when it is run again. The old key may leave the ring when `keys usage` shows nothing under it, and what lives shortly has ended.',
  example: 'npx dinhdanh keys reseal',
  printsData: true,
  run: ({ print }) =>
    withRegister(async (register) => {
      const progress = createProgressLine();
      const stop = stopOnSignal();
      const done = await resealValues(register, {
        actor: OPERATOR,
        signal: stop.signal,
        onProgress: (at) => progress.show(`${at.column}: ${at.resealed} sealed again`),
      });
      progress.end();
      stop.end();
      print(asData(done), describe(done));
      return done.isComplete && done.columns.every(({ unreadable }) => unreadable === 0) ? EXIT.done : EXIT.refused;
    }),
};

export const keysUsage: CliCommand = {
  usage: 'keys usage',
  summary: 'how many values lie under each key of DATA_KEYS and INDEX_KEYS',
  example: 'npx dinhdanh keys usage',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ db }) => {
      const uses = await keyUse(db);
      const data = uses.map(({ column, ring, keys }) => ({
        column,
        ring,
        keys: Object.fromEntries(keys.map(({ keyId, values }) => [keyId, values])),
      }));
      const rows = uses.flatMap(({ column, ring, keys }) =>
        keys.map(({ keyId, values }) => [ring, column, keyId, String(values)]),
      );
      print({ columns: data }, columns([['ring', 'column', 'key', 'values'], ...rows]));
      return undefined;
    }),
};

function asData({ columns: done, isComplete }: Resealed): object {
  return { complete: isComplete, columns: done };
}

function describe({ columns: done, isComplete }: Resealed): string {
  const rows = done.map(({ column, resealed, unreadable }) => [column, String(resealed), String(unreadable)]);
  const unreadable = done.reduce((sum, one) => sum + one.unreadable, 0);
  return [
    columns([['column', 'sealed again', 'unreadable'], ...rows]),
    ...(unreadable === 0
      ? []
      : ['Unreadable values lie under a key that is not in the ring, or were altered. They were left as they are.']),
    ...(isComplete ? [] : ['Stopped. Run the command again to go on.']),
  ].join('\n');
}
