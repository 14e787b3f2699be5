import type { PageHandler } from './page-context.ts';

/** The handlers of a part of the site that is loaded, with all its modules, when somebody first comes. */
export function room<Handlers extends Readonly<Record<keyof Handlers, PageHandler>>>(
  open: () => Promise<Handlers>,
): Handlers {
  let opened: Promise<Handlers> | undefined;
  const enter = (name: keyof Handlers): PageHandler => {
    return async (ctx) => {
      opened ??= open();
      await (await opened)[name](ctx);
    };
  };
  return new Proxy({} as Handlers, { get: (_, name) => enter(name as keyof Handlers) });
}
