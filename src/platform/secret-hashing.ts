import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';

export type Argon2Params = { memoryKib: number; timeCost: number; parallelism: number };

/** Hashes what people remember (passwords, passcodes, answers) with argon2id and a pepper, a few at a time. */
export type SecretHasher = {
  hash(secret: string): Promise<string>;
  /** `needsRehash`: it matched, but under weaker parameters than today's. */
  verify(encoded: string, secret: string): Promise<{ matches: boolean; needsRehash: boolean }>;
  /** Takes the time of `verify` for an account that does not exist, so that the two cannot be told apart. */
  verifyNothing(secret: string): Promise<void>;
  /** How many hashes wait for their turn: a metric, and what admission control looks at. */
  queueDepth(): number;
};

const ARGON2ID = 2;

/** @see OWASP Password Storage: argon2id m=19456 KiB, t=2, p=1. One core is left to tokens: a password flood must not starve them. */
export function createSecretHasher(options: {
  params: Argon2Params;
  pepper: string;
  concurrency?: number;
}): SecretHasher {
  const { memoryKib, timeCost, parallelism } = options.params;
  const secret = Buffer.from(options.pepper, 'utf8');
  const argon2 = { algorithm: ARGON2ID, memoryCost: memoryKib, timeCost, parallelism, secret };
  const queue = createLimiter(options.concurrency ?? Math.max(1, availableParallelism() - 1));
  let decoy: Promise<string> | undefined;

  return {
    hash: (plain) => queue.run(() => hash(plain, argon2)),
    async verify(encoded, plain) {
      const matches = await queue.run(() => verify(encoded, plain, argon2));
      return { matches, needsRehash: matches && isWeaker(encoded, options.params) };
    },
    async verifyNothing(plain) {
      decoy ??= queue.run(() => hash('decoy', argon2));
      const encoded = await decoy;
      await queue.run(() => verify(encoded, plain, argon2));
    },
    queueDepth: () => queue.waiting(),
  };
}

function isWeaker(encoded: string, params: Argon2Params): boolean {
  const match = /\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(encoded);
  if (match === null) return true;
  return (
    Number(match[1]) < params.memoryKib || Number(match[2]) < params.timeCost || Number(match[3]) < params.parallelism
  );
}

function createLimiter(concurrency: number): { run<T>(work: () => Promise<T>): Promise<T>; waiting(): number } {
  const queue: (() => void)[] = [];
  let running = 0;
  // A finished run hands its place to the next in line, so that a newcomer cannot slip in between.
  const release = (): void => {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    async run(work) {
      if (running >= concurrency) await new Promise<void>((resolve) => queue.push(resolve));
      else running += 1;
      try {
        return await work();
      } finally {
        release();
      }
    },
    waiting: () => queue.length,
  };
}
