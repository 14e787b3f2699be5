import { AsyncLocalStorage } from 'node:async_hooks';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { createFairQueue } from './fair-queue.ts';

export type Argon2Params = { memoryKib: number; timeCost: number; parallelism: number };

/** Hashes what people remember (passwords, passcodes, answers) with argon2id and a pepper, a few at a time. */
export type SecretHasher = {
  hash(secret: string): Promise<string>;
  /** `needsRehash`: it matched, but under weaker parameters than today's. */
  verify(encoded: string, secret: string): Promise<{ matches: boolean; needsRehash: boolean }>;
  /** Takes the time of `verify` for an account that does not exist, so that the two cannot be told apart. */
  verifyNothing(secret: string): Promise<void>;
  /** Does `work`, a request from `address`, whose hashes take turns with those of other addresses.
   *  @returns false, with nothing done, when too many requests are there already. */
  serve: (address: string, work: () => Promise<void>) => Promise<boolean>;
  /** How many hashes wait for their turn: a metric, and what admission control looks at. */
  queueDepth(): number;
};

const ARGON2ID = 2;

/** How many requests with a secret are let in at once, of all addresses and of one. */
export type HashingLimits = { mostRequests: number; mostRequestsPerAddress: number };
const NO_LIMITS: HashingLimits = {
  mostRequests: Number.POSITIVE_INFINITY,
  mostRequestsPerAddress: Number.POSITIVE_INFINITY,
};

/** @see OWASP Password Storage: argon2id m=19456 KiB, t=2, p=1. One core is left to tokens: a password flood must not starve them. */
export function createSecretHasher(options: {
  params: Argon2Params;
  pepper: string;
  concurrency?: number;
  limits?: HashingLimits;
}): SecretHasher {
  const { memoryKib, timeCost, parallelism } = options.params;
  const secret = Buffer.from(options.pepper, 'utf8');
  const argon2 = { algorithm: ARGON2ID, memoryCost: memoryKib, timeCost, parallelism, secret };
  const { mostRequests, mostRequestsPerAddress } = options.limits ?? NO_LIMITS;
  const queue = createFairQueue({
    concurrency: options.concurrency ?? Math.max(1, availableParallelism() - 1),
    mostInside: mostRequests,
    mostInsideEach: mostRequestsPerAddress,
  });
  // Whose request this is, without each action having to pass it on.
  const caller = new AsyncLocalStorage<string>();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => queue.run(caller.getStore() ?? '', work);
  let decoy: Promise<string> | undefined;

  return {
    hash: (plain) => inTurn(() => hash(plain, argon2)),
    async verify(encoded, plain) {
      const matches = await inTurn(() => verify(encoded, plain, argon2));
      return { matches, needsRehash: matches && isWeaker(encoded, options.params) };
    },
    async verifyNothing(plain) {
      decoy ??= inTurn(() => hash('decoy', argon2));
      const encoded = await decoy;
      await inTurn(() => verify(encoded, plain, argon2));
    },
    async serve(address, work) {
      const leave = queue.enter(address);
      if (leave === undefined) return false;
      try {
        await caller.run(address, work);
        return true;
      } finally {
        leave();
      }
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
