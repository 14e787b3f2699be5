import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bodyParser } from '@koa/bodyparser';
import { Refusal } from '../domain/refusal.ts';
import { isTokenOf } from './csrf.ts';
import type { PageContext, PageMiddleware } from './page-context.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';

// As text: `URLSearchParams` has no nesting, no arrays and no depth to attack, which qs has.
const readFormText = bodyParser({
  enableTypes: ['text'],
  extendTypes: { text: [FORM_TYPE] },
  textLimit: '16kb',
  encoding: 'utf-8',
  patchNode: false,
});
const readJson = bodyParser({ enableTypes: ['json'], jsonLimit: '64kb', jsonStrict: true, patchNode: false });

const formFields = new WeakMap<object, URLSearchParams>();

/** The text of a form that was read ahead of the pages: it is in the request no more. */
const readBefore = new WeakMap<IncomingMessage, string>();

/** Stands before every handler of a form: reads it, and refuses what did not come from a page of ours. */
export const formGuard: PageMiddleware = async (ctx, next) => {
  if (ctx.is(FORM_TYPE) === false) throw new Refusal('unsupported_media_type');
  const known = readBefore.get(ctx.req);
  if (known === undefined) await readBody(readFormText, ctx);
  const fields = new URLSearchParams(known ?? ctx.request.rawBody ?? '');
  if (hasNul(fields)) throw new Refusal('malformed_request');
  if (!isFromOurPages(ctx) || !ctx.state.csrf.matches(fields.get('csrf_token') ?? '')) {
    throw new Refusal('forged_request');
  }
  formFields.set(ctx.req, fields);
  await next();
};

function hasNul(fields: URLSearchParams): boolean {
  return [...fields].some(([name, value]) => name.includes('\0') || value.includes('\0'));
}

const LONGEST_AHEAD = 16_384;
const UNUSUAL_OF_BODIES = ['transfer-encoding', 'content-encoding', 'expect'];

/** Reads a form of our pages ahead of them, by the guard's own rules. The guard can still read it. @param visitor whose anti-forgery token it has to bear.
 *  @returns undefined when it is not plainly one: the guard judges it. @throws when the connection breaks. */
export async function readFormAhead(
  request: IncomingMessage,
  from: { issuerOrigin: string; visitor: string; csrfKeys: readonly KeyObject[] },
): Promise<URLSearchParams | undefined> {
  const { headers } = request;
  const length = Number(headers['content-length']);
  const isPlain = headers['content-type']?.toLowerCase() === FORM_TYPE && length > 0 && length <= LONGEST_AHEAD;
  if (!isPlain || UNUSUAL_OF_BODIES.some((name) => headers[name] !== undefined)) return undefined;
  const site = headers['sec-fetch-site'];
  if (site === undefined ? headers.origin !== from.issuerOrigin : site !== 'same-origin') return undefined;
  const text = await textOf(request);
  readBefore.set(request, text);
  const fields = new URLSearchParams(text);
  if (hasNul(fields) || !isTokenOf(from.csrfKeys, from.visitor, fields.get('csrf_token') ?? '')) return undefined;
  return fields;
}

/** Node has made sure that it is as long as announced. */
function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}

/** The named fields; '' for one that is missing, the first of one that is repeated. NFC, else as typed: a password may hold spaces. */
export function readForm<Name extends string>(ctx: PageContext, names: readonly Name[]): Record<Name, string> {
  return namedFields(fieldsOf(ctx), names);
}

/** The same of a form that was read ahead. */
export function namedFields<Name extends string>(
  fields: URLSearchParams,
  names: readonly Name[],
): Record<Name, string> {
  const entries = names.map((name) => [name, (fields.get(name) ?? '').normalize('NFC')] as const);
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** Every value of one field: the ticked boxes. */
export function readAll(ctx: PageContext, name: string): readonly string[] {
  return fieldsOf(ctx)
    .getAll(name)
    .map((value) => value.normalize('NFC'));
}

/** Reads a JSON body of at most 64 kB into ctx.request.body. A page of another site cannot send JSON without asking first (CORS). */
export const jsonBody: PageMiddleware = async (ctx, next) => {
  if (!ctx.is('json')) throw new Refusal('unsupported_media_type');
  await readBody(readJson, ctx);
  if ((ctx.request.rawBody ?? '').includes('\\u0000')) throw new Refusal('malformed_request');
  await next();
};

/** @throws Refusal for a body that is not compressed as it says: zlib's errors carry no status. */
async function readBody(read: typeof readJson, ctx: PageContext): Promise<void> {
  try {
    await read(ctx, () => Promise.resolve());
  } catch (error) {
    const isBrokenCompression =
      error instanceof Error && 'code' in error && /^(?:Z_|ERR__|ERR_BROTLI)/.test(String(error.code));
    throw isBrokenCompression ? new Refusal('malformed_request') : error;
  }
}

function fieldsOf(ctx: PageContext): URLSearchParams {
  const fields = formFields.get(ctx.req);
  if (!fields) throw new Error('This route has no formGuard.');
  return fields;
}

/** Browsers say where a request was started; scripts and old browsers have at least the Origin. */
function isFromOurPages(ctx: PageContext): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '') return site === 'same-origin';
  // In Koa 3 `ctx.request.origin` is the header itself, so the address comes from `ctx.URL`.
  const origin = ctx.get('Origin');
  return origin === ctx.state.issuerOrigin || origin === ctx.URL.origin;
}

/** A form of ours, or JSON, which a page of another site cannot send. */
export const formOrJson: PageMiddleware = async (ctx, next) => {
  await (ctx.is('json') ? jsonBody(ctx, next) : formGuard(ctx, next));
};
