import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { newRequestId } from './request-log.ts';
import { pageFields, programFields } from './security-headers.ts';
import { type WatchDeps, watchAnswer } from './watch-answer.ts';

/** What a program is told. `fields`: names and values in turn. `body`: as text, of which each character is a byte when it is `isBytes`. */
export type ProgramAnswer = {
  readonly status: number;
  readonly fields: readonly string[];
  readonly body: string;
  readonly isBytes?: true;
  /** A page, which has other security headers than what is told to programs. `formsEndAt` as for `allowFormActionTo`. */
  readonly page?: { readonly nonce: string; readonly formsEndAt: string };
  /** A visit of somebody new begins with it. */
  readonly isNewVisit?: true;
  /** What the log is told beside the request itself. */
  readonly event?: { readonly name: string; readonly fields: object };
};

/** Whoever asked has hung up. */
export const NOBODY_THERE: ProgramAnswer = { status: 200, fields: [], body: '' };

type Prepare = (request: IncomingMessage) => Promise<ProgramAnswer | undefined>;

/** An address that programs call, or one of people's, some of whom are answered without a page. */
export type ProgramEndpoint = {
  route: string;
  /** Goes on with something begun, which no crowd stops. */
  isBegun?: true;
} & (
  | {
      /** What is the same for everybody, and the same object as long as it is. */
      kept?(request: IncomingMessage): ProgramAnswer | undefined;
      /** Does not fail. Asked before `answer`. */
      prepare: Prepare;
      /** Ends the response; what it throws is a fault of ours. */
      answer(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
    }
  | { prepare: Prepare; answer?: never; kept?: never }
);

export type ProgramRequestsDeps = WatchDeps & {
  readonly issuer: string;
  /** @returns false when there are more programs already than can be served. */
  readonly admitsProgram: (response: ServerResponse) => boolean;
  /** While people wait in line, those who are signed in come by the pages too, where it is counted how often one comes. */
  readonly isCrowded: () => boolean;
  /** Somebody is on her way to a page, or at least may be: for the measure of the load. */
  readonly watchPage: (response: ServerResponse) => void;
  /** Somebody new went on without a page: for the measure of what is usual. */
  readonly countVisit: () => void;
};

/** Answers programs without what only a page needs (language, forgery token, nonce, compression): that costs more than many an answer.
 *  Request id, log line, metrics and security headers they have like all others. `otherwise` is called when the request is a page's, and nothing was done. */
export function programRequests(
  deps: ProgramRequestsDeps,
  endpointAt: (path: string) => ProgramEndpoint | undefined,
): (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => void {
  const { log, metrics } = deps;
  const fieldsWith = programFields(deps);
  const fieldsOfPage = pageFields(deps);
  const fieldsOfKept = new WeakMap<ProgramAnswer, string[]>();

  const begin = (
    { route }: ProgramEndpoint,
    request: IncomingMessage,
    response: ServerResponse,
    startedAt: number,
  ): string => watchAnswer(deps, request, response, { route, startedAt });
  const send = (response: ServerResponse, requestId: string, answer: ProgramAnswer): void => {
    const { page, fields } = answer;
    const all = page === undefined ? fieldsWith(fields) : [...fieldsOfPage(page.nonce, page.formsEndAt), ...fields];
    all.push('X-Request-Id', requestId);
    sendProgramAnswer(response, { ...answer, fields: all });
  };

  /** In one go, and counted as it is sent. A line of the log says nothing of it that the figures do not, so there is one for whoever looks closely. */
  const sendKept = (
    { route }: ProgramEndpoint,
    request: IncomingMessage,
    response: ServerResponse,
    answer: ProgramAnswer,
  ): void => {
    const startedAt = performance.now();
    const requestId = newRequestId();
    let fields = fieldsOfKept.get(answer);
    if (fields === undefined) {
      fields = fieldsWith(answer.fields);
      fieldsOfKept.set(answer, fields);
    }
    metrics.name(request, response, () => route, requestId);
    response.writeHead(answer.status, [...fields, 'X-Request-Id', requestId]);
    response.end(answer.body, answer.isBytes ? 'latin1' : 'utf8');
    metrics.count(request, route, answer.status, (performance.now() - startedAt) / 1000);
    if (log.isLevelEnabled('debug'))
      log.debug({ requestId, method: request.method, route, status: answer.status }, 'http.kept_answer');
  };

  const failed = (response: ServerResponse, error: unknown): void => {
    log.error({ err: error }, 'http.unexpected_error');
    if (!response.headersSent) response.writeHead(500);
    response.end();
  };
  const answerProgram = async (
    endpoint: Extract<ProgramEndpoint, { prepare: Prepare; answer: unknown }>,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> => {
    const prepared = await endpoint.prepare(request);
    if (prepared !== undefined) return send(response, requestId, prepared);
    const fields = fieldsWith(['X-Request-Id', requestId]);
    for (let at = 0; at < fields.length; at += 2) response.setHeader(fields[at] as string, fields[at + 1] as string);
    await endpoint.answer(request, response);
  };
  const answerPerson = async (
    endpoint: ProgramEndpoint,
    request: IncomingMessage,
    response: ServerResponse,
    otherwise: () => void,
  ): Promise<void> => {
    const startedAt = performance.now();
    deps.watchPage(response);
    const prepared = await endpoint.prepare(request);
    if (prepared?.isNewVisit) deps.countVisit();
    if (prepared === undefined) otherwise();
    else {
      const requestId = begin(endpoint, request, response, startedAt);
      const { event } = prepared;
      if (event !== undefined) log.info({ requestId, ...event.fields }, event.name);
      send(response, requestId, prepared);
    }
  };

  return (request, response, otherwise) => {
    const { url = '' } = request;
    const queryAt = url.indexOf('?');
    const endpoint = endpointAt(queryAt === -1 ? url : url.slice(0, queryAt));
    // A NUL is refused in one place, with the broken addresses of the pages.
    if (endpoint === undefined || url.includes('%00')) return otherwise();
    if (endpoint.answer === undefined) {
      if (endpoint.isBegun !== true && deps.isCrowded()) return otherwise();
      answerPerson(endpoint, request, response, otherwise).catch((error: unknown) => failed(response, error));
      return;
    }
    const kept = endpoint.kept?.(request);
    if (kept !== undefined) return sendKept(endpoint, request, response, kept);
    const requestId = begin(endpoint, request, response, performance.now());
    if (!deps.admitsProgram(response)) return send(response, requestId, TOO_MANY);
    answerProgram(endpoint, request, response, requestId).catch((error: unknown) => failed(response, error));
  };
}

export function sendProgramAnswer(response: ServerResponse, { status, fields, body, isBytes }: ProgramAnswer): void {
  response.writeHead(status, fields as string[]);
  response.end(body, isBytes ? 'latin1' : 'utf8');
}

/** The error of OAuth 2.0 for it (RFC 6749, 4.1.2.1), with the status and the header that every HTTP client knows. */
const TOO_MANY: ProgramAnswer = {
  status: 503,
  fields: ['Content-Type', 'application/json', 'Cache-Control', 'no-store', 'Retry-After', '2'],
  body: JSON.stringify({ error: 'temporarily_unavailable', error_description: 'too many requests at once' }),
};
