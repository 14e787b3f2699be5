import type Koa from 'koa';

export function timing(): Koa.Middleware {
  return async (ctx, next) => {
    next();
    ctx.set('x-done', 'yes');
    await Promise.resolve();
  };
}
