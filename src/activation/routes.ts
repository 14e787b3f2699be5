import { codePage } from '../../views/activation/code-page.ts';
import { donePage, stoppedPage } from '../../views/activation/done-page.ts';
import { guardianWaitingPage } from '../../views/activation/guardian-waiting-page.ts';
import { questionsPage } from '../../views/activation/questions-page.ts';
import { secretPage } from '../../views/activation/secret-page.ts';
import { startPage } from '../../views/activation/start-page.ts';
import type { ActivationPart } from '../../views/activation/step-labels.ts';
import type { FieldError } from '../../views/components/error-summary.ts';
import { type ActivationStep, isAssisted, stepsFor } from '../domain/activation.ts';
import { parseCitizenId } from '../domain/citizen-id.ts';
import { parsePhoneNumber } from '../domain/phone-number.ts';
import { SECURITY_QUESTIONS } from '../domain/secrets-policy.ts';
import { dayText, instantText } from '../i18n/dates.ts';
import type { TextKey } from '../i18n/translator.ts';
import { clientAddress } from '../web/client-address.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type AnswerProblem, answerQuestions, GUARDIAN_WAIT_SECONDS } from './answer-questions.ts';
import { forgetAttempt, presentAttempt, prolongAttempt, rememberAttempt } from './attempt-session.ts';
import type { Attempt } from './attempt-store.ts';
import { choosePasscode, hasPasscode, type PasscodeOutcome } from './choose-passcode.ts';
import { choosePassword } from './choose-password.ts';
import { provePhone } from './prove-phone.ts';
import { readOutcome } from './read-outcome.ts';
import { resendCode, secondsUntilResend } from './resend-code.ts';
import { codeMinutes } from './send-code.ts';
import { startAttempt } from './start-attempt.ts';

const PAGE_OF: Readonly<Record<ActivationStep, string>> = {
  code: '/activate/code',
  password: '/activate/password',
  passcode: '/activate/passcode',
  questions: '/activate/questions',
  guardian: '/activate/guardian',
  done: '/activate/done',
};

/** The citizen's way: each address is a step, each answer comes from the attempt on the server. An address or a form of another step leads to the present one. */
export function activationRoutes(deps: ActivationDeps) {
  /** Runs `handle` when the browser's attempt stands at `step`; otherwise shows where it stands, and changes nothing. */
  const at =
    (step: ActivationStep, handle: (ctx: PageContext, attempt: Attempt) => Promise<void>): PageHandler =>
    async (ctx) => {
      const { attempt } = await presentAttempt(ctx, deps);
      // Who sends a form of an attempt that is gone is told so; who only opens an address just starts.
      if (attempt === undefined) return seeOther(ctx, ctx.method === 'POST' ? '/activate?over' : '/activate');
      if (presentStep(attempt) !== step) return seeOther(ctx, PAGE_OF[presentStep(attempt)]);
      return handle(ctx, attempt);
    };

  const showCode = (ctx: PageContext, attempt: Attempt, shown: { errors?: FieldError[]; status?: number } = {}) =>
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

  const showSecret = (
    ctx: PageContext,
    attempt: Attempt,
    shown: { secret: 'password' | 'passcode' | 'known_passcode'; errors?: FieldError[]; status?: number },
  ): Promise<void> => {
    const { secret, errors = [], status = errors.length === 0 ? 200 : 422 } = shown;
    const model = { secret, parts: partsOf(attempt), isCredentialsOnly: attempt.grantId === undefined, errors };
    return render(ctx, secretPage(ctx.state.chrome, model), status);
  };

  const passcodeKind = async (attempt: Attempt): Promise<'passcode' | 'known_passcode'> =>
    (await hasPasscode(deps, attempt)) ? 'known_passcode' : 'passcode';

  const showQuestions = (
    ctx: PageContext,
    attempt: Attempt,
    errors: FieldError[] = [],
    status = 422,
  ): Promise<void> => {
    const form = errors.length === 0 ? undefined : readForm(ctx, ['question_1', 'question_2']);
    const withoutGuardian = attempt.grantId === undefined ? 'sets_credentials' : 'activates';
    const model = {
      questions: SECURITY_QUESTIONS,
      chosen: { question1: form?.question_1 ?? '', question2: form?.question_2 ?? '' },
      parts: partsOf(attempt),
      ends: attempt.needsGuardian ? ('asks_guardian' as const) : withoutGuardian,
      errors,
    } as const;
    return render(ctx, questionsPage(ctx.state.chrome, model), errors.length === 0 ? 200 : status);
  };

  return {
    showStart: async (ctx: PageContext): Promise<void> => {
      const { attempt, ...held } = await presentAttempt(ctx, deps);
      if (held.isOver) forgetAttempt(ctx, deps);
      const isOver = held.isOver || (attempt === undefined && ctx.query['over'] !== undefined);
      const isOpen = attempt !== undefined && attempt.outcome === undefined;
      await render(
        ctx,
        startPage(ctx.state.chrome, {
          values: { citizenId: '', phoneNumber: '' },
          errors: [],
          attempt: isOver ? 'over' : isOpen ? { href: PAGE_OF[attempt.step] } : undefined,
          via: ctx.query['via'] === 'qr_guide' ? 'qr_guide' : undefined,
        }),
      );
    },

    start: async (ctx: PageContext): Promise<void> => {
      const form = readForm(ctx, ['citizen_id', 'phone_number', 'via']);
      const via = form.via === 'qr_guide' ? ('qr_guide' as const) : undefined;
      const refuse = (errors: FieldError[], status: number): Promise<void> => {
        const values = { citizenId: form.citizen_id, phoneNumber: form.phone_number };
        return render(ctx, startPage(ctx.state.chrome, { values, errors, via }), status);
      };
      const citizenId = parseCitizenId(form.citizen_id, { allowSynthetic: deps.config.isSandbox });
      const phone = parsePhoneNumber(form.phone_number);
      if (!citizenId.ok || !phone.ok) return refuse(startErrors(ctx, citizenId, phone), 422);

      const outcome = await startAttempt(deps, {
        citizenId: citizenId.value,
        phone: phone.value,
        channel: via ?? 'self',
        locale: ctx.state.locale,
        address: clientAddress(ctx),
      });
      if (outcome.kind === 'blocked') {
        ctx.set('Retry-After', String(outcome.retryAfterSeconds));
        const minutes = Math.ceil(outcome.retryAfterSeconds / 60);
        return refuse([{ field: '', text: ctx.state.t('activation.blocked', { minutes }) }], 429);
      }
      rememberAttempt(ctx, deps, outcome.token, outcome.lifetimeSeconds);
      seeOther(ctx, PAGE_OF.code);
    },

    showCode: at('code', (ctx, attempt) => showCode(ctx, attempt)),

    proveCode: at('code', async (ctx, attempt) => {
      const { code } = readForm(ctx, ['code']);
      const outcome = await provePhone(deps, attempt, code);
      if (outcome.kind === 'proved' || outcome.kind === 'elsewhere') return goOn(ctx);
      const moved = (await presentAttempt(ctx, deps)).attempt;
      if (moved !== undefined && presentStep(moved) !== 'code') return seeOther(ctx, PAGE_OF[presentStep(moved)]);
      const error = { field: 'code', text: ctx.state.t(`activation.code_${outcome.kind}`) };
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

    showPassword: at('password', (ctx, attempt) => showSecret(ctx, attempt, { secret: 'password' })),

    choosePassword: at('password', async (ctx, attempt) => {
      const { password } = readForm(ctx, ['password']);
      const outcome = await choosePassword(deps, attempt, password);
      if (outcome.kind !== 'refused') return goOn(ctx);
      const keys = outcome.reasons.map((reason) => `activation.password_${reason}` as const);
      const errors = [{ field: 'password', text: sentences(ctx, keys) }];
      return showSecret(ctx, attempt, { secret: 'password', errors });
    }),

    showPasscode: at('passcode', async (ctx, attempt) =>
      showSecret(ctx, attempt, { secret: await passcodeKind(attempt) }),
    ),

    choosePasscode: at('passcode', async (ctx, attempt) => {
      const { passcode } = readForm(ctx, ['passcode']);
      const outcome = await choosePasscode(deps, attempt, passcode);
      if (outcome.kind === 'chosen' || outcome.kind === 'elsewhere') return goOn(ctx);
      const { text, ...how } = passcodeRefusal(ctx, outcome);
      const errors = [{ field: 'passcode', text }];
      return showSecret(ctx, attempt, { secret: await passcodeKind(attempt), errors, ...how });
    }),

    showQuestions: at('questions', (ctx, attempt) => showQuestions(ctx, attempt)),

    /** Instead of `answerQuestions`, where too many wait for theirs to be kept. */
    questionsBusy: at('questions', (ctx, attempt) =>
      showQuestions(ctx, attempt, [{ field: '', text: ctx.state.t('activation.busy') }], 503),
    ),

    answerQuestions: at('questions', async (ctx, attempt) => {
      const form = readForm(ctx, ['question_1', 'answer_1', 'question_2', 'answer_2']);
      const outcome = await answerQuestions(deps, attempt, {
        question1: form.question_1,
        answer1: form.answer_1,
        question2: form.question_2,
        answer2: form.answer_2,
      });
      if (outcome.kind === 'refused') return showQuestions(ctx, attempt, answerErrors(ctx, outcome.problems));
      if (outcome.kind === 'waits_for_guardian' && !isAssisted(attempt.channel))
        prolongAttempt(ctx, deps, GUARDIAN_WAIT_SECONDS);
      return goOn(ctx);
    }),

    showGuardian: at('guardian', async (ctx, attempt) => {
      const isOnHelpersDevice = isAssisted(attempt.channel);
      if (isOnHelpersDevice) forgetAttempt(ctx, deps);
      await render(
        ctx,
        guardianWaitingPage(ctx.state.chrome, {
          parts: partsOf(attempt),
          confirmAddress: `${deps.config.issuer}/activate/guardian/confirm/${attempt.guardianReference ?? ''}`,
          until: instantText(ctx.state.locale, attempt.expiresAt),
          isCheckedAgain: ctx.query['checked'] !== undefined,
          mayCheck: !isOnHelpersDevice,
        }),
      );
    }),

    showDone: at('done', async (ctx, attempt) => {
      const { outcome } = attempt;
      if (outcome === undefined) throw new Error('an attempt that is done has an outcome');
      const facts = await readOutcome(deps, attempt);
      const { locale } = ctx.state;
      const lateDay = facts.lateSince && dayText(locale, facts.lateSince);
      // A device that is not the citizen's keeps nothing of hers.
      if (isAssisted(attempt.channel)) forgetAttempt(ctx, deps);
      if (outcome !== 'activated' && outcome !== 'credentials_set')
        return render(ctx, stoppedPage(ctx.state.chrome, { outcome, lateDay: lateDay ?? '' }));
      const model = {
        parts: partsOf(attempt),
        outcome,
        levels: facts.activatedLevels.join(' + '),
        at: instantText(locale, attempt.finishedAt ?? deps.clock()),
        isAssisted: isAssisted(attempt.channel),
        otherLateDay: lateDay,
      };
      return render(ctx, donePage(ctx.state.chrome, model));
    }),
  };

  /** To the page of the step at which the attempt stands now. */
  async function goOn(ctx: PageContext): Promise<void> {
    const { attempt } = await presentAttempt(ctx, deps);
    if (attempt !== undefined && isAssisted(attempt.channel)) prolongAttempt(ctx, deps, undefined);
    seeOther(ctx, attempt === undefined ? '/activate' : PAGE_OF[presentStep(attempt)]);
  }
}

function presentStep(attempt: Attempt): ActivationStep {
  return attempt.outcome === undefined ? attempt.step : 'done';
}

function partsOf({ hasPassword, needsGuardian }: Attempt): ActivationPart[] {
  return ['identity', ...stepsFor({ hasPassword, needsGuardian })];
}

function seeOther(ctx: PageContext, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

/** Several broken rules of one field in one text: each is a sentence without its full stop. */
function sentences(ctx: PageContext, keys: readonly TextKey[]): string {
  return keys.map((key) => ctx.state.t(key)).join('. ');
}

function startErrors(
  ctx: PageContext,
  citizenId: ReturnType<typeof parseCitizenId>,
  phone: ReturnType<typeof parsePhoneNumber>,
): FieldError[] {
  const { t } = ctx.state;
  const errors: FieldError[] = [];
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

/** Each with the name of its field: in the summary four errors of two kinds must be told apart. */
function answerErrors(ctx: PageContext, problems: readonly AnswerProblem[]): FieldError[] {
  const { t } = ctx.state;
  return problems.map(({ field, reason }) => ({
    field,
    text: `${t(`activation.${field}`)}: ${t(`activation.answer_${reason}`)}`,
  }));
}

type PasscodeRefusal = Exclude<PasscodeOutcome, { kind: 'chosen' | 'elsewhere' }>;

function passcodeRefusal(ctx: PageContext, outcome: PasscodeRefusal): { text: string; status?: number } {
  switch (outcome.kind) {
    case 'wrong':
      return { text: ctx.state.t('activation.confirm_wrong_passcode') };
    case 'throttled': {
      const minutes = Math.ceil(outcome.retryAfterSeconds / 60);
      ctx.set('Retry-After', String(outcome.retryAfterSeconds));
      return { text: ctx.state.t('activation.confirm_blocked', { minutes }), status: 429 };
    }
    case 'refused':
      return {
        text: sentences(
          ctx,
          outcome.reasons.map((reason) => `activation.passcode_${reason}` as const),
        ),
      };
  }
}
