import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** An answer as a handler wrote it, without anything of the reader's. */
export type Written = {
  readonly type: string;
  readonly language: string | undefined;
  readonly disposition: string | undefined;
  /** A Content-Security-Policy of its own. */
  readonly policy: string | undefined;
  readonly body: Buffer;
};

export type Kept = Written & {
  /** Of what it was made. */
  readonly version: string;
  /** Weak: it is the same in each encoding. */
  readonly etag: string;
  /** Undefined where compressing gains nothing. */
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
};

export type KeptAnswers = {
  /** Also one of an earlier version. */
  readonly find: (key: string) => Kept | undefined;
  /** What is being written, or undefined. */
  readonly findComing: (key: string) => Promise<Kept> | undefined;
  /** Writes it once, for all who ask meanwhile. A failure is everybody's and is not kept. */
  readonly make: (key: string, version: string, write: () => Promise<Written>) => Promise<Kept>;
};

/** Some hundred pages with their two compressed forms, and thousands of drawings. */
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_ANSWERS = 5_000;
/** What an entry takes besides its bodies. */
const ENTRY_BYTES = 1024;
const LEAST_COMPRESSED_BYTES = 1024;

/** Answers that are the same for everybody, by what was asked; the one not asked for the longest goes first. */
export function keptAnswers(mostBytes = MOST_BYTES): KeptAnswers {
  const answers = new LRUCache<string, Kept>({
    max: MOST_ANSWERS,
    maxSize: mostBytes,
    sizeCalculation: ({ body, br, gzip: zipped }, key) =>
      ENTRY_BYTES + 2 * key.length + body.length + (br?.length ?? 0) + (zipped?.length ?? 0),
  });
  const coming = new Map<string, Promise<Kept>>();
  const make = async (key: string, version: string, write: () => Promise<Written>): Promise<Kept> => {
    try {
      const kept = await encoded(await write(), version);
      answers.set(key, kept);
      return kept;
    } finally {
      coming.delete(key);
    }
  };
  return {
    find: (key) => answers.get(key),
    findComing: (key) => coming.get(key),
    make: (key, version, write) => {
      const made = make(key, version, write);
      coming.set(key, made);
      return made;
    },
  };
}

const compressBr = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** Compressed off this process's one thread, and once. */
async function encoded(written: Written, version: string): Promise<Kept> {
  const { type, body } = written;
  const etag = `W/"${createHash('sha256').update(type).update(body).digest('base64url').slice(0, 27)}"`;
  const isSmaller = body.length >= LEAST_COMPRESSED_BYTES && /^text\/|[/+](?:json|xml)\b/.test(type);
  if (!isSmaller) return { ...written, version, etag, br: undefined, gzip: undefined };
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  const [br, zipped] = await Promise.all([compressBr(body, { params }), compressGzip(body)]);
  return { ...written, version, etag, br, gzip: zipped };
}
