import { guessPolicy } from '../accounts/guess-policy.ts';
import { signInInserted } from '../accounts/sign-in-history-store.ts';
import { type Limit, throttleKey, throttleWaitSeconds, triesSettled, triesTaken } from '../accounts/throttle-store.ts';
import { holderTyped } from '../accounts/typed-holder-store.ts';
import { verifyStored } from '../accounts/verify-password.ts';
import { auditAppended } from '../audit/audit-store.ts';
import { type CitizenId, type CitizenIdReason, parseCitizenId } from '../domain/citizen-id.ts';
import { newId } from '../platform/ids.ts';
import { runShort, type Statements } from '../platform/prepared-queries.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export type TypedSignIn = {
  citizenId: string;
  password: string;
  address: string;
  /** Of the browser's device cookie. */
  deviceTokens: readonly string[];
  deviceLabel: string;
  clientId: string;
};

export type PasswordOutcome =
  | { kind: 'malformed'; field: 'citizen_id' | 'password'; reason: 'empty' | 'not_12_digits' }
  | { kind: 'throttled'; retryAfterSeconds: number }
  | { kind: 'wrong' }
  /** `settled` forgets the tries: to be saved before the answer, with what else is written then. `deviceId`: of a browser that she has used before. `provedAt`: before the
   *  hash was read, which may be of another password by the time that it was compared. */
  | { kind: 'right'; accountId: string; provedAt: Date; deviceId?: string; settled: () => Statements<void> };

/** Judges a citizen id and a password. Each try is counted before it is judged, by what was typed (whether or not such an account exists) and by
 *  address; a browser the holder has used before has its own count, so that strangers' tries do not keep her out. An unknown id, an account without
 *  password and a wrong password are one outcome, reached in the same steps. The account's status is never touched. */
export async function provePassword(deps: SignInDeps, typed: TypedSignIn): Promise<PasswordOutcome> {
  const malformed = formatProblem(deps, typed);
  if (malformed !== undefined) return malformed;
  const provedAt = deps.clock();
  const { holder, tries, retryAfterSeconds } = await runShort(deps.db, function* () {
    const found = yield* holderTyped(deps.vault, { ...typed, citizenId: citizenIdOf(deps, typed.citizenId) });
    const counted = triesOf(deps, typed, found.deviceId);
    // By address first: a flood from one place uses up that place's tries, not those of the ids it types.
    const wait = yield* triesTaken(deps.db, [...counted.byAddress, counted.byId], provedAt);
    return { holder: found, tries: counted, retryAfterSeconds: wait };
  });
  if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };

  const { accountId, deviceId } = holder;
  if (!(await verifyStored(deps, holder.password, typed.password)) || accountId === undefined) {
    await recordFailure(deps, { accountId, typed, deviceId, ...tries.byId });
    return { kind: 'wrong' };
  }
  const settled = (): Statements<void> =>
    triesSettled(deps.db, { forget: tries.byId.key, giveBack: tries.byAddress }, deps.clock());
  return { kind: 'right', accountId, provedAt, ...(deviceId === undefined ? {} : { deviceId }), settled };
}

/** Only what anybody can see by looking at the number: an unknown province code is a wrong id like any other. */
function formatProblem(deps: SignInDeps, typed: TypedSignIn): PasswordOutcome | undefined {
  const parsed = parseCitizenId(typed.citizenId, { allowSynthetic: deps.config.isSandbox });
  const reason: CitizenIdReason | undefined = parsed.ok ? undefined : parsed.reason;
  if (reason === 'empty' || reason === 'not_12_digits') return { kind: 'malformed', field: 'citizen_id', reason };
  return typed.password === '' ? { kind: 'malformed', field: 'password', reason: 'empty' } : undefined;
}

/** @returns undefined for what is nobody's. */
function citizenIdOf(deps: SignInDeps, typed: string): CitizenId | undefined {
  const parsed = parseCitizenId(typed, { allowSynthetic: deps.config.isSandbox });
  return parsed.ok ? parsed.value : undefined;
}

type CountedTries = { byId: Limit; byAddress: Limit[] };

/** A browser the holder has used before is not counted by its address: strangers who share her network would keep her out, and all that it may guess is
 *  this one password. */
function triesOf(deps: SignInDeps, typed: TypedSignIn, deviceId: string | undefined): CountedTries {
  const policy = guessPolicy(deps.config);
  const digits = typed.citizenId.replace(/\D/g, '');
  const keyOf = (kind: string, subject: string): string => throttleKey(deps.fingerprintKey, { kind, subject });
  if (deviceId !== undefined)
    return { byId: { key: keyOf('sign_in_device', `${deviceId} ${digits}`), policy }, byAddress: [] };
  return {
    byId: { key: keyOf('sign_in', digits), policy },
    // Many households share one address behind carrier NAT: its block does not grow.
    byAddress: [
      {
        key: keyOf('sign_in_address', typed.address),
        policy: { ...policy, tries: deps.config.signInTriesPerAddress, growth: 1 },
      },
    ],
  };
}

/** One transaction for a known and for an unknown id alike; only the holder's history row differs. */
async function recordFailure(
  deps: SignInDeps,
  failure: Limit & { accountId: string | undefined; deviceId: string | undefined; typed: TypedSignIn },
): Promise<void> {
  const { accountId, deviceId, typed, key, policy } = failure;
  deps.countOutcome?.('sign_in', 'wrong_password');
  const now = deps.clock();
  const isBlocked = (await throttleWaitSeconds(deps.db, key, policy, now)) > 0;
  await runShort(deps.db, function* () {
    yield* auditAppended({
      at: now,
      actor: { kind: 'system' },
      action: isBlocked ? 'sign_in.throttled' : 'sign_in.failed',
      ...(accountId === undefined ? {} : { accountId }),
      detail: { client: typed.clientId, factor: 'pwd' },
    });
    if (accountId === undefined) return;
    yield* signInInserted({
      id: newId(),
      accountId,
      outcome: 'wrong_password',
      clientId: typed.clientId,
      deviceLabel: typed.deviceLabel,
      occurredAt: now,
      ...(deviceId === undefined ? {} : { deviceId }),
    });
  });
}
