import { registerHooks } from 'node:module';

/** Modules between an activation's last step and the store of its events: imported with this mark they are a second copy, which counts nothing. All others are shared. */
const MARK = '?without-counters';
const ON_THE_WAY = [
  '/activation/answer-questions.ts',
  '/activation/complete-attempt.ts',
  '/accounts/complete-activation.ts',
];
const COUNTS = '/accounts/activation-event-store.ts';

registerHooks({
  resolve(specifier, context, resolveNext) {
    const found = resolveNext(specifier, context);
    if (context.parentURL?.endsWith(MARK) !== true) return found;
    if (found.url.endsWith(COUNTS)) return { ...found, url: new URL('events-alone.ts', import.meta.url).href };
    return ON_THE_WAY.some((end) => found.url.endsWith(end)) ? { ...found, url: `${found.url}${MARK}` } : found;
  },
});

/** A module of the product as it would be if nothing were counted. */
export async function withoutCounters<Module>(path: string): Promise<Module> {
  return (await import(`${new URL(path, import.meta.url).href}${MARK}`)) as Module;
}
