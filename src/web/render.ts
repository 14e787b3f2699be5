import type { Html } from '../../views/html.ts';
import type { PageContext } from './page-context.ts';

/** Answers with a page. Pages are about a person: no cache keeps them, unless the handler said otherwise before. */
export async function render(ctx: PageContext, page: Html, status = 200): Promise<void> {
  renderText(ctx, String(await page), status);
}

/** The same with one that was rendered ahead (`pageTemplate`). */
export function renderText(ctx: PageContext, page: string, status = 200): void {
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('Content-Language', ctx.state.locale);
  ctx.vary('Accept-Language');
  if (!ctx.res.hasHeader('Cache-Control')) ctx.set('Cache-Control', 'no-store');
  ctx.body = page;
}
