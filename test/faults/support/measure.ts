export type Timed = { status: number; ms: number; retryAfter: string | null; text: string };

/** One request, with how long its answer took. `text/html` is what a browser asks for. */
export async function ask(url: string, init: RequestInit = {}): Promise<Timed> {
  const startedAt = performance.now();
  const response = await fetch(url, { redirect: 'manual', ...init, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  const ms = Math.round(performance.now() - startedAt);
  return { status: response.status, ms, retryAfter: response.headers.get('retry-after'), text };
}

/** What docs/faults.md says: printed by the tests that measured it. */
export function report(fault: string, figures: Record<string, number | string>): void {
  const facts = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  console.info(`MEASURED ${fault}: ${facts.join(', ')}`);
}

/** Of an authorization request whose failure is a page, not a redirect to the service (authorization-outage.test.ts). */
export const ANSWERED_BY_A_PAGE = { login_hint: 'persona:l2-active', response_mode: 'form_post' };
