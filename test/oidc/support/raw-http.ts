import { connect } from 'node:net';

/** A request byte by byte: nothing is put right on the way. */
export type RawRequest = {
  method: string;
  target: string;
  version: string;
  headers: [name: string, value: string][];
  body: Buffer | undefined;
};

export type RawAnswer = { status: number; headers: [name: string, value: string][]; body: string };

/** Sends it on a connection of its own. @returns the first answer, whatever comes behind it; status 0: the connection ended without one. */
export function sendRaw(issuer: string, request: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(issuer);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const end = (): void => resolve(answerIn(withoutContinue(Buffer.concat(chunks))));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', end);
    socket.on('error', () => undefined);
    socket.write(bytesOf(request));
  });
}

function bytesOf({ method, target, version, headers, body }: RawRequest): Buffer {
  const lines = [`${method} ${target} HTTP/${version}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}

/** Asked for by `Expect`, and no answer yet. */
function withoutContinue(bytes: Buffer): Buffer {
  return bytes.toString('latin1', 0, 13) === 'HTTP/1.1 100 ' ? bytes.subarray(bytes.indexOf('\r\n\r\n') + 4) : bytes;
}

function answerIn(bytes: Buffer): RawAnswer {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return { status: 0, headers: [], body: '' };
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const rest = bytes.subarray(end + 4);
  const headerOf = (name: string): string | undefined => headers.find(([one]) => one === name)?.[1];
  const length = headerOf('content-length');
  const body =
    headerOf('transfer-encoding') === 'chunked'
      ? unchunked(rest)
      : rest.subarray(0, length === undefined ? undefined : Number(length));
  return { status: Number(first.split(' ')[1]), headers, body: body.toString() };
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd === -1 ? 0 : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
