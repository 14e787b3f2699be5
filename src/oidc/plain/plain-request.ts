import type { IncomingMessage } from 'node:http';
import { type ParsedUrlQuery, parse } from 'node:querystring';
import type { ProgramAnswer } from '../../web/program-requests.ts';

/** The fields of a form, each there once and with a value. */
export type PlainForm = Readonly<Partial<Record<string, string>>>;

const LONGEST = 16_384;
const FORM = /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i;
/** With any of these the library does more. */
const UNUSUAL = [
  'origin',
  'dpop',
  'oauth-client-attestation',
  'oauth-client-attestation-pop',
  'transfer-encoding',
  'expect',
];

export function hasUnusualHeaders({ headers }: IncomingMessage): boolean {
  return UNUSUAL.some((name) => headers[name] !== undefined);
}

/** Reads a small form. What was read is there again for the library. @returns undefined when it is none, or not a plain one. */
export async function readPlainForm(request: IncomingMessage): Promise<PlainForm | undefined> {
  const { headers } = request;
  const length = Number(headers['content-length']);
  if (!FORM.test(headers['content-type'] ?? '') || !(length > 0 && length <= LONGEST)) return undefined;
  const body = await bodyOf(request);
  giveBack(request, body);
  return plainFields(parse(body.toString()));
}

/** @returns undefined when one is there twice, or empty. */
export function plainFields(fields: ParsedUrlQuery): PlainForm | undefined {
  const isPlain = Object.values(fields).every((value) => typeof value === 'string' && value !== '');
  return isPlain ? (fields as PlainForm) : undefined;
}

/** Node has made sure that it is as long as announced. @throws when the connection breaks before the end. */
function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/** The library reads by these two alone. @see node_modules/oidc-provider/lib/shared/selective_body.js `readBody` */
function giveBack(request: IncomingMessage, body: Buffer): void {
  Object.defineProperties(request, {
    readable: { value: true },
    iterator: {
      async *value() {
        yield body;
      },
    },
  });
}

/** What the library says with an answer to who names no origin. @see node_modules/oidc-provider/lib/helpers/initialize_app.js `CORS` */
const FIELDS = Object.entries({
  'Cache-Control': 'no-store',
  Vary: 'Origin',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'WWW-Authenticate',
  'Content-Type': 'application/json; charset=utf-8',
}).flat();

export function jsonAnswer(answer: object): ProgramAnswer {
  const body = JSON.stringify(answer);
  return { status: 200, fields: [...FIELDS, 'Content-Length', String(Buffer.byteLength(body))], body };
}

/** Where a browser is sent, and the header lines of the cookies that it is told. */
export type Way = { to: string; cookies?: readonly string[]; isNewVisit?: true };

export function wayTo({ to, cookies = [], isNewVisit }: Way): ProgramAnswer {
  const told = cookies.flatMap((line) => ['Set-Cookie', line]);
  const fields = ['Cache-Control', 'no-store', ...told, 'Location', to, 'Content-Length', '0'];
  return { status: 303, fields, body: '', ...(isNewVisit && { isNewVisit }) };
}
