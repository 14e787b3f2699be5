import type { Html } from '../../views/html.ts';
import type { PageContext } from './page-context.ts';

/** Answers with a page. Pages are about a person: no cache keeps them, unless the handler said otherwise before. */
export async function render(ctx: PageContext, page: Html, status = 200): Promise<void> {
  answerWith(ctx, String(await page), status);
}

/** The same with one that was rendered ahead (`pageBytes`). */
export function renderBytes(ctx: PageContext, page: string): void {
  answerWith(ctx, Buffer.from(page, 'latin1'), 200);
}

function answerWith(ctx: PageContext, page: string | Buffer, status: number): void {
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('Content-Language', ctx.state.locale);
  ctx.vary('Accept-Language');
  if (!ctx.res.hasHeader('Cache-Control')) ctx.set('Cache-Control', 'no-store');
  ctx.body = page;
}
