import type { FieldError } from '../../views/components/error-summary.ts';
import { codePage } from '../../views/recovery/code-page.ts';
import { recoveredPage, stoppedPage } from '../../views/recovery/outcome-page.ts';
import { proofPage } from '../../views/recovery/proof-page.ts';
import { secretPage } from '../../views/recovery/secret-page.ts';
import { startPage } from '../../views/recovery/start-page.ts';
import { parseCitizenId } from '../domain/citizen-id.ts';
import { parsePhoneNumber } from '../domain/phone-number.ts';
import { RECOVERY_TARGETS, type RecoveryStep, type RecoveryTarget } from '../domain/recovery.ts';
import type { TextKey } from '../i18n/translator.ts';
import { clientAddress } from '../web/client-address.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { forgetAttempt, presentAttempt, rememberAttempt } from './attempt-session.ts';
import { chooseSecret, type SecretOutcome } from './choose-secret.ts';
import { provePhone } from './prove-phone.ts';
import { proveSecond, type SecondProofOutcome } from './prove-second.ts';
import type { RecoveryAttempt } from './recovery-attempt-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';
import { codeMinutes, resendCode, secondsUntilResend } from './send-code.ts';
import { startRecovery } from './start-recovery.ts';

const PAGE_OF: Readonly<Record<RecoveryStep, string>> = {
  code: '/recover/code',
  second_proof: '/recover/proof',
  new_secret: '/recover/secret',
  done: '/recover/done',
};

type ProvedAttempt = RecoveryAttempt & { accountId: string };
type Shown = { errors?: FieldError[]; status?: number };

/** Each address is a step, each answer comes from the attempt on the server. An address or a form of another step leads to the present one. */
export function recoveryRoutes(deps: RecoveryDeps) {
  const at =
    (step: RecoveryStep, handle: (ctx: PageContext, attempt: RecoveryAttempt) => Promise<void>): PageHandler =>
    async (ctx) => {
      const { attempt } = await presentAttempt(ctx, deps);
      if (attempt === undefined) return seeOther(ctx, '/recover');
      if (presentStep(attempt) !== step) return seeOther(ctx, PAGE_OF[presentStep(attempt)]);
      return handle(ctx, attempt);
    };

  /** A step that only the attempt of a real account can reach. */
  const proved = (
    step: 'second_proof' | 'new_secret',
    handle: (ctx: PageContext, attempt: ProvedAttempt) => Promise<void>,
  ): PageHandler =>
    at(step, (ctx, attempt) => {
      const { accountId } = attempt;
      if (accountId === undefined) throw new Error('an attempt that only pretends got past its code');
      return handle(ctx, { ...attempt, accountId });
    });

  const goOn = async (ctx: PageContext): Promise<void> => {
    const { attempt } = await presentAttempt(ctx, deps);
    seeOther(ctx, attempt === undefined ? '/recover' : PAGE_OF[presentStep(attempt)]);
  };

  const showCode = (ctx: PageContext, attempt: RecoveryAttempt, shown: Shown = {}): Promise<void> =>
    render(
      ctx,
      codePage(ctx.state.chrome, {
        phoneTail: attempt.phoneTail,
        minutes: codeMinutes(deps.config),
        waitSeconds: secondsUntilResend(attempt, deps.clock()),
        isResent: ctx.method === 'GET' && ctx.query['sent'] !== undefined,
        errors: shown.errors ?? [],
      }),
      shown.status,
    );

  const showProof = (ctx: PageContext, attempt: ProvedAttempt, shown: Shown = {}): Promise<void> =>
    render(
      ctx,
      proofPage(ctx.state.chrome, { proof: attempt.proof ?? 'card', errors: shown.errors ?? [] }),
      shown.status,
    );

  const showSecret = (ctx: PageContext, { target }: ProvedAttempt, errors: FieldError[] = []): Promise<void> =>
    render(ctx, secretPage(ctx.state.chrome, { target, errors }), errors.length === 0 ? 200 : 422);

  return {
    showStart: async (ctx: PageContext): Promise<void> => {
      const { attempt, isOver } = await presentAttempt(ctx, deps);
      if (isOver) forgetAttempt(ctx, deps);
      const isOpen = attempt !== undefined && attempt.outcome === undefined;
      const values = {
        target: ctx.query['for'] === 'passcode' ? 'passcode' : 'password',
        citizenId: '',
        phoneNumber: '',
      };
      const shown = isOver ? ('over' as const) : isOpen ? { href: PAGE_OF[attempt.step] } : undefined;
      await render(ctx, startPage(ctx.state.chrome, { values, errors: [], attempt: shown }));
    },

    start: async (ctx: PageContext): Promise<void> => {
      const form = readForm(ctx, ['target', 'citizen_id', 'phone_number']);
      const refuse = (errors: FieldError[], status: number): Promise<void> => {
        const values = { target: form.target, citizenId: form.citizen_id, phoneNumber: form.phone_number };
        return render(ctx, startPage(ctx.state.chrome, { values, errors }), status);
      };
      const target = RECOVERY_TARGETS.find((one) => one === form.target);
      const citizenId = parseCitizenId(form.citizen_id, { allowSynthetic: deps.config.isSandbox });
      const phone = parsePhoneNumber(form.phone_number);
      if (target === undefined || !citizenId.ok || !phone.ok)
        return refuse(startErrors(ctx, { target, citizenId, phone }), 422);

      const outcome = await startRecovery(deps, {
        target,
        citizenId: citizenId.value,
        phone: phone.value,
        locale: ctx.state.locale,
        address: clientAddress(ctx),
      });
      if (outcome.kind === 'blocked') {
        ctx.set('Retry-After', String(outcome.retryAfterSeconds));
        const minutes = Math.ceil(outcome.retryAfterSeconds / 60);
        return refuse([{ field: '', text: ctx.state.t('activation.blocked', { minutes }) }], 429);
      }
      rememberAttempt(ctx, deps, outcome.token);
      seeOther(ctx, PAGE_OF.code);
    },

    showCode: at('code', (ctx, attempt) => showCode(ctx, attempt)),

    proveCode: at('code', async (ctx, attempt) => {
      const { code } = readForm(ctx, ['code']);
      const { kind } = await provePhone(deps, attempt, code);
      if (kind === 'proved' || kind === 'elsewhere') return goOn(ctx);
      const error = { field: 'code', text: ctx.state.t(`activation.code_${kind}`) };
      return showCode(ctx, attempt, { errors: [error], status: 422 });
    }),

    resend: at('code', async (ctx, attempt) => {
      const outcome = await resendCode(deps, attempt);
      if (outcome.kind === 'sent') return seeOther(ctx, `${PAGE_OF.code}?sent`);
      if (outcome.kind === 'elsewhere') return goOn(ctx);
      const seconds = outcome.retryAfterSeconds;
      ctx.set('Retry-After', String(seconds));
      const text =
        outcome.kind === 'too_early'
          ? ctx.state.t('activation.resend_too_early', { seconds })
          : ctx.state.t('activation.resend_blocked', { hours: Math.ceil(seconds / 3_600) });
      return showCode(ctx, attempt, { errors: [{ field: '', text }], status: 429 });
    }),

    showProof: proved('second_proof', (ctx, attempt) => showProof(ctx, attempt)),

    proveSecond: proved('second_proof', async (ctx, attempt) => {
      const form = readForm(ctx, ['code', 'card_issued_on']);
      const field = attempt.proof === 'otp' ? 'code' : 'card_issued_on';
      const outcome = await proveSecond(deps, attempt, form[field]);
      if (outcome.kind === 'proved' || outcome.kind === 'elsewhere') return goOn(ctx);
      const status = outcome.kind === 'throttled' ? 429 : 422;
      return showProof(ctx, attempt, { errors: [proofError(ctx, { outcome, attempt, field })], status });
    }),

    showSecret: proved('new_secret', (ctx, attempt) => showSecret(ctx, attempt)),

    chooseSecret: proved('new_secret', async (ctx, attempt) => {
      const form = readForm(ctx, ['password', 'passcode']);
      const outcome = await chooseSecret(deps, attempt, form[attempt.target]);
      if (outcome.kind === 'finished') return goOn(ctx);
      return showSecret(ctx, attempt, [{ field: attempt.target, text: weaknessText(ctx, outcome) }]);
    }),

    showDone: at('done', async (ctx, attempt) => {
      const { outcome, target } = attempt;
      if (outcome === undefined) throw new Error('an attempt that is done has an outcome');
      const { chrome } = ctx.state;
      await render(ctx, outcome === 'recovered' ? recoveredPage(chrome, { target }) : stoppedPage(chrome, { outcome }));
    }),
  };
}

function presentStep(attempt: RecoveryAttempt): RecoveryStep {
  return attempt.outcome === undefined ? attempt.step : 'done';
}

function seeOther(ctx: PageContext, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

type Parsed = {
  target: RecoveryTarget | undefined;
  citizenId: ReturnType<typeof parseCitizenId>;
  phone: ReturnType<typeof parsePhoneNumber>;
};

function startErrors(ctx: PageContext, { target, citizenId, phone }: Parsed): FieldError[] {
  const { t } = ctx.state;
  const errors: FieldError[] = [];
  if (target === undefined) errors.push({ field: 'target', text: t('recovery.target_not_chosen') });
  if (!citizenId.ok) {
    const isKnown = citizenId.reason === 'empty' || citizenId.reason === 'not_12_digits';
    const text = isKnown ? t(`activation.citizen_id_${citizenId.reason}`) : t('activation.citizen_id_unknown');
    errors.push({ field: 'citizen_id', text });
  }
  if (!phone.ok) {
    const text = t(phone.reason === 'empty' ? 'activation.phone_number_empty' : 'activation.phone_number_invalid');
    errors.push({ field: 'phone_number', text });
  }
  return errors;
}

type RefusedProof = {
  outcome: Exclude<SecondProofOutcome, { kind: 'elsewhere' }>;
  attempt: ProvedAttempt;
  field: 'code' | 'card_issued_on';
};

function proofError(ctx: PageContext, { outcome, attempt, field }: RefusedProof): FieldError {
  const { t } = ctx.state;
  const proof = attempt.proof ?? 'card';
  switch (outcome.kind) {
    case 'throttled': {
      ctx.set('Retry-After', String(outcome.retryAfterSeconds));
      const hours = Math.ceil(outcome.retryAfterSeconds / 3_600);
      return { field: '', text: t('recovery.proof_throttled', { hours }) };
    }
    case 'wrong':
      return { field, text: t(`recovery.${proof}_wrong`, { count: outcome.triesLeft }) };
    default:
      return { field, text: t(`recovery.${proof}_malformed`) };
  }
}

function weaknessText(ctx: PageContext, outcome: Exclude<SecretOutcome, { kind: 'finished' }>): string {
  const keys: TextKey[] =
    outcome.kind === 'weak_password'
      ? outcome.reasons.map((reason) => `activation.password_${reason}` as const)
      : outcome.reasons.map((reason) => `activation.passcode_${reason}` as const);
  return keys.map((key) => ctx.state.t(key)).join('. ');
}
