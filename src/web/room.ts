import type { PageHandler } from './page-context.ts';

/** The handlers of a part of the site that is loaded, with all its modules, when somebody first comes. */
export function room<Handlers extends Readonly<Record<keyof Handlers, PageHandler>>>(
  open: () => Promise<Handlers>,
): Handlers {
  let opened: Promise<Handlers> | undefined;
  const enter = (name: keyof Handlers): PageHandler => {
    return async (ctx) => {
      // One that could not be opened is tried again by whoever comes next.
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      await (await opened)[name](ctx);
    };
  };
  return new Proxy({} as Handlers, { get: (_, name) => enter(name as keyof Handlers) });
}
