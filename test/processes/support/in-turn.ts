import { type IncomingMessage, request } from 'node:http';

/** A fetch whose requests go to the processes in turn, each on a connection of its own. A process that takes no connection is passed over, as every balancer does: nothing has been
 *  sent by then. Nothing else is tried twice.
 *  @param ports may change meanwhile, as a balancer's do when a process says that it leaves. */
export function fetchInTurn(ports: readonly number[]): (url: string, init: RequestInit) => Promise<Response> {
  let turn = 0;
  return async (url, init) => {
    for (let refused = 0; ; refused += 1) {
      turn += 1;
      try {
        return await sendTo(ports[turn % ports.length] ?? 0, url, init);
      } catch (error) {
        const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        if (!isRefused || refused >= ports.length) throw error;
      }
    }
  };
}

async function sendTo(port: number, url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> {
  const { pathname, search } = new URL(url);
  const form = body instanceof URLSearchParams ? body.toString() : undefined;
  const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        agent: false,
        path: pathname + search,
        method,
        headers: { ...(headers as object), ...type },
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(form);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const received = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) received.append(name, value);
  return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), {
    status: answer.statusCode ?? 0,
    headers: received,
  });
}
