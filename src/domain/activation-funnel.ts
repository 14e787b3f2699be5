import type { ActivationStep } from './activation.ts';
import { ACTIVATION_OBSTACLES, type ActivationObstacle } from './activation-verdict.ts';
import { LEAST_PUBLIC_COUNT, protectTable } from './suppression.ts';

/** What an attempt goes through. `account`: the phone is proved, and it is judged whether the account may be activated at all. `activation`: the last transaction,
 *  which judges again. `password` is for those who had none, `guardian` for those who need one; the others pass by. */
export const FUNNEL_STEPS = ['code', 'account', 'password', 'passcode', 'questions', 'guardian', 'activation'] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];

/** What an attempt was refused last; it is why it is lost where nothing follows. */
export const ATTEMPT_REFUSALS = [
  'code_mistyped',
  'code_tries_used_up',
  'code_expired',
  'resend_limit',
  'passcode_blocked',
] as const;
export type AttemptRefusal = (typeof ATTEMPT_REFUSALS)[number];

/** Why an attempt is lost that nothing ended but time. `not_matched`: the typed pair does not exist, and it only pretended. `code_not_typed`: the code did not
 *  come, or nobody cared. */
export const SILENT_LOSSES = [
  'not_matched',
  'code_not_typed',
  ...ATTEMPT_REFUSALS,
  'abandoned',
  'guardian_silent',
] as const;
export type SilentLoss = (typeof SILENT_LOSSES)[number];

export const FUNNEL_LOSSES = [...SILENT_LOSSES, ...ACTIVATION_OBSTACLES, 'overtaken'] as const;
export type FunnelLoss = (typeof FUNNEL_LOSSES)[number];

/** `credentials_set`: activated before, by an import, and now usable. */
export const FUNNEL_COMPLETIONS = ['activated', 'credentials_set'] as const;
export type FunnelCompletion = (typeof FUNNEL_COMPLETIONS)[number];

/** How an attempt can end by an act. `overtaken`: its account moved while it was under way (another device was faster, the phone number changed). */
export type AttemptOutcome = FunnelCompletion | 'overtaken' | ActivationObstacle;

/** What can end an attempt at each step. */
export const LOSSES_AT: Readonly<Record<FunnelStep, readonly FunnelLoss[]>> = {
  code: ['not_matched', 'code_not_typed', 'code_mistyped', 'code_tries_used_up', 'code_expired', 'resend_limit'],
  account: [...ACTIVATION_OBSTACLES, 'overtaken'],
  password: ['abandoned'],
  passcode: ['abandoned', 'passcode_blocked'],
  questions: ['abandoned'],
  guardian: ['guardian_silent', 'guardian_missing'],
  activation: [...ACTIVATION_OBSTACLES, 'overtaken'],
};

/** An attempt is taken for lost so long after its time: what was sent in its last second is still being hashed then. */
export const SILENCE_SETTLES_MS = 60_000;

/** An attempt as it stands. */
export type AttemptState = {
  readonly step: ActivationStep;
  readonly outcome: AttemptOutcome | undefined;
  /** Whether the typed pair exists. */
  readonly isMatched: boolean;
  readonly refusal: AttemptRefusal | undefined;
  readonly hasPassword: boolean;
  readonly needsGuardian: boolean;
  /** Its time is over. */
  readonly isOver: boolean;
};

/** Where an attempt stands, or how it ended. The two flags say which steps are on its way, and are false before that is known. */
export type FunnelPlace = {
  readonly step: FunnelStep;
  readonly ending: FunnelCompletion | FunnelLoss | 'open';
  readonly choosesPassword: boolean;
  readonly needsGuardian: boolean;
};

export function funnelPlace(state: AttemptState): FunnelPlace {
  const step = funnelStep(state);
  const isOnItsWay = FUNNEL_STEPS.indexOf(step) > FUNNEL_STEPS.indexOf('account');
  return {
    step,
    ending: state.outcome ?? (state.isOver ? silentLoss(state) : 'open'),
    choosesPassword: isOnItsWay && !state.hasPassword,
    needsGuardian: isOnItsWay && state.needsGuardian,
  };
}

/** What ends an attempt that still stands at its code was found when the code was right. */
function funnelStep({ step, outcome }: AttemptState): FunnelStep {
  if (step === 'code') return outcome === undefined ? 'code' : 'account';
  return step === 'done' ? 'activation' : step;
}

function silentLoss({ step, isMatched, refusal }: AttemptState): SilentLoss {
  switch (step) {
    case 'code':
      if (!isMatched) return 'not_matched';
      return refusal === undefined || refusal === 'passcode_blocked' ? 'code_not_typed' : refusal;
    case 'passcode':
      return refusal === 'passcode_blocked' ? refusal : 'abandoned';
    case 'guardian':
      return 'guardian_silent';
    case 'password':
    case 'questions':
    case 'done':
      return 'abandoned';
  }
}

export type FunnelCount = FunnelPlace & { readonly total: number };

export type FunnelRow = {
  /** More than one where the public sees several together. */
  readonly steps: readonly FunnelStep[];
  /** Attempts that came to this step. */
  readonly reached: number;
  readonly passed: number;
  readonly losses: readonly {
    readonly reason: FunnelLoss /** Undefined: not published. */;
    readonly count: number | undefined;
  }[];
  /** Standing here. Undefined: not published. */
  readonly open: number | undefined;
};

/** Attempts that began in the same days. `started` is what was completed, lost and is open, added up. */
export type Funnel = {
  readonly started: number;
  readonly rows: readonly FunnelRow[];
  readonly completed: number;
  /** Undefined: not published. */
  readonly activated: number | undefined;
};

const INDEX = new Map(FUNNEL_STEPS.map((step, index) => [step, index]));

export function funnelOf(counts: readonly FunnelCount[]): Funnel {
  const sum = (of: (one: FunnelCount) => boolean): number =>
    counts.filter(of).reduce((total, one) => total + one.total, 0);
  const rows = FUNNEL_STEPS.map((step): FunnelRow => {
    const isHere = (one: FunnelCount): boolean => one.step === step && !isCompletion(one.ending);
    const reached = sum((one) => one.step === step || (indexOf(one.step) > indexOf(step) && isOnWay(one, step)));
    const losses = LOSSES_AT[step].map((reason) => ({
      reason,
      count: sum((one) => isHere(one) && one.ending === reason),
    }));
    return {
      steps: [step],
      reached,
      passed: reached - sum(isHere),
      losses,
      open: sum((one) => isHere(one) && one.ending === 'open'),
    };
  });
  return {
    started: sum(() => true),
    rows,
    completed: sum(({ ending }) => isCompletion(ending)),
    activated: sum(({ ending }) => ending === 'activated'),
  };
}

function indexOf(step: FunnelStep): number {
  return INDEX.get(step) ?? 0;
}

function isCompletion(ending: FunnelPlace['ending']): boolean {
  return ending === 'activated' || ending === 'credentials_set';
}

function isOnWay({ choosesPassword, needsGuardian }: FunnelPlace, step: FunnelStep): boolean {
  if (step === 'password') return choosesPassword;
  return step === 'guardian' ? needsGuardian : true;
}

/** What the public may see: all attempts along the steps, those without a password too, so that each number is that of the row before less what was lost. A step at
 *  which few were lost is joined with its neighbour; a reason with few, and one more that would give it away, is hidden. Every number that can be found by
 *  subtraction is at least `least`. Undefined where nothing of it may be shown. */
export function publicFunnel(funnel: Funnel, least: number = LEAST_PUBLIC_COUNT): Funnel | undefined {
  const { started, completed } = funnel;
  if (completed < least || started - completed < least) return undefined;
  const blocks: { rows: FunnelRow[]; drop: number }[] = [];
  let block: (typeof blocks)[number] = { rows: [], drop: 0 };
  for (const row of funnel.rows) {
    block.rows.push(row);
    block.drop += row.reached - row.passed;
    if (block.drop < least) continue;
    blocks.push(block);
    block = { rows: [], drop: 0 };
  }
  const last = blocks.at(-1);
  // Lost in all are at least `least`: there is a block.
  if (last !== undefined) {
    last.rows.push(...block.rows);
    last.drop += block.drop;
  }
  let reached = started;
  const rows = blocks.map(({ rows: joined, drop }) => {
    const row = publicRow(joined, { reached, drop, least });
    reached -= drop;
    return row;
  });
  return { started, rows, completed, activated: undefined };
}

function publicRow(
  joined: readonly FunnelRow[],
  { reached, drop, least }: { reached: number; drop: number; least: number },
): FunnelRow {
  const counts = new Map<FunnelLoss, number>();
  for (const { losses } of joined)
    for (const { reason, count = 0 } of losses) counts.set(reason, (counts.get(reason) ?? 0) + count);
  const open = joined.reduce((sum, row) => sum + (row.open ?? 0), 0);
  const parts = [...counts.values(), open];
  const { rows } = protectTable(
    [[drop]],
    parts.map((part) => [[part]]),
    least,
  );
  return {
    steps: joined.flatMap(({ steps }) => steps),
    reached,
    passed: reached - drop,
    losses: [...counts].map(([reason, count], index) => ({ reason, count: rows[index] === 1 ? count : undefined })),
    open: rows.at(-1) === 1 ? open : undefined,
  };
}
