import { renderSVG } from 'uqr';
import type { FieldError } from '../../views/components/error-summary.ts';
import { changePasscodePage, changePasswordPage, changeQuestionsPage } from '../../views/my-account/change-pages.ts';
import { methodsPage } from '../../views/my-account/methods.ts';
import { totpRemovePage, totpScanPage, totpStartPage } from '../../views/my-account/totp-pages.ts';
import { SECURITY_QUESTIONS } from '../domain/secrets-policy.ts';
import { instantText, timeText } from '../i18n/dates.ts';
import type { TextKey } from '../i18n/translator.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { type ChangePasscodeOutcome, changePasscode } from './change-passcode.ts';
import { type ChangePasswordOutcome, changePassword } from './change-password.ts';
import { type ChangeQuestionsOutcome, changeQuestions } from './change-questions.ts';
import { confirmTotpEnrolment, readTotpEnrolment, removeTotp, startTotpEnrolment } from './enrol-totp.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';
import { leaveNotice, type PageNotice, takeNotice } from './page-notice.ts';
import { readMethods } from './read-methods.ts';
import { LEVEL_TO_CHANGE, LEVEL_TO_SEE, notConfirmedError, seeOther, statusOf, visitAs } from './visit.ts';

const METHODS = '/account/methods';

/** Ways to sign in: seen in any session, changed only in one of two factors and with the passcode. */
export function methodRoutes(deps: MyAccountDeps) {
  const visit = visitAs(deps);
  const toChange = { leastAuthLevel: LEVEL_TO_CHANGE };
  type Refused = { kind: string };

  const finish = (ctx: PageContext, notice: PageNotice): void => {
    leaveNotice(ctx, notice);
    seeOther(ctx, METHODS);
  };

  const showQuestions = (ctx: PageContext, errors: FieldError[] = [], refused?: Refused): Promise<void> => {
    const form = errors.length === 0 ? undefined : readForm(ctx, ['question_1', 'question_2']);
    const model = {
      questions: SECURITY_QUESTIONS.map((value) => ({ value, text: ctx.state.t(`activation.question.${value}`) })),
      chosen: { question1: form?.question_1 ?? '', question2: form?.question_2 ?? '' },
      errors,
    };
    return render(ctx, changeQuestionsPage(ctx.state.chrome, model), statusOf(errors, refused));
  };

  const showTotpStart = async (
    ctx: PageContext,
    { session }: Holder,
    errors: FieldError[] = [],
    refused?: Refused,
  ): Promise<void> => {
    const isEnrolled = (await readMethods(deps, session.accountId)).totp !== undefined;
    await render(ctx, totpStartPage(ctx.state.chrome, { isEnrolled, errors }), statusOf(errors, refused));
  };

  /** The QR code while an enrolment of this session goes on, else its beginning. */
  const showTotp = async (ctx: PageContext, holder: Holder, errors: FieldError[] = []): Promise<void> => {
    const enrolment = await readTotpEnrolment(deps, holder);
    if (enrolment === undefined) return showTotpStart(ctx, holder, errors);
    const model = {
      qrSvg: renderSVG(enrolment.uri, { ecc: 'M', border: 2 }),
      key: enrolment.secret.replace(/(.{4})(?=.)/g, '$1 '),
      until: timeText(ctx.state.locale, enrolment.expiresAt),
      errors,
    };
    await render(ctx, totpScanPage(ctx.state.chrome, model), statusOf(errors));
  };

  const showTotpRemove = async (
    ctx: PageContext,
    { session }: Holder,
    errors: FieldError[] = [],
    refused?: Refused,
  ): Promise<void> => {
    const { maskedPhone, totp } = await readMethods(deps, session.accountId);
    if (totp === undefined) return seeOther(ctx, METHODS);
    await render(ctx, totpRemovePage(ctx.state.chrome, { maskedPhone, errors }), statusOf(errors, refused));
  };

  return {
    showMethods: visit({ leastAuthLevel: LEVEL_TO_SEE }, async (ctx, { session, locale }) => {
      const methods = await readMethods(deps, session.accountId);
      const since = (at: Date | undefined): string | undefined => at && instantText(locale, at);
      const done = takeNotice(ctx);
      const model = {
        passwordSince: since(methods.password),
        passcodeSince: since(methods.passcode),
        questionsSince: since(methods.answer_1),
        totpSince: since(methods.totp),
        maskedPhone: methods.maskedPhone,
        done: done && ctx.state.t(`my_account.done_${done}`),
      };
      await render(ctx, methodsPage(ctx.state.chrome, model));
    }),

    showPassword: visit(toChange, (ctx) => render(ctx, changePasswordPage(ctx.state.chrome, { errors: [] }))),

    changePassword: visit(toChange, async (ctx, holder) => {
      const form = readForm(ctx, ['current_password', 'new_password', 'passcode']);
      const outcome = await changePassword(deps, holder, {
        currentPassword: form.current_password,
        newPassword: form.new_password,
        passcode: form.passcode,
      });
      if (outcome.kind === 'changed') return finish(ctx, 'password_changed');
      const errors = [passwordError(ctx, outcome)];
      await render(ctx, changePasswordPage(ctx.state.chrome, { errors }), statusOf(errors, outcome));
    }),

    showPasscode: visit(toChange, (ctx) => render(ctx, changePasscodePage(ctx.state.chrome, { errors: [] }))),

    changePasscode: visit(toChange, async (ctx, holder) => {
      const form = readForm(ctx, ['passcode', 'new_passcode']);
      const typed = { passcode: form.passcode, newPasscode: form.new_passcode };
      const outcome = await changePasscode(deps, holder, typed);
      if (outcome.kind === 'changed') return finish(ctx, 'passcode_changed');
      const errors = [passcodeError(ctx, outcome)];
      await render(ctx, changePasscodePage(ctx.state.chrome, { errors }), statusOf(errors, outcome));
    }),

    showQuestions: visit(toChange, (ctx) => showQuestions(ctx)),

    changeQuestions: visit(toChange, async (ctx, holder) => {
      const form = readForm(ctx, ['question_1', 'answer_1', 'question_2', 'answer_2', 'passcode']);
      const outcome = await changeQuestions(deps, holder, {
        question1: form.question_1,
        answer1: form.answer_1,
        question2: form.question_2,
        answer2: form.answer_2,
        passcode: form.passcode,
      });
      if (outcome.kind === 'changed') return finish(ctx, 'questions_changed');
      return showQuestions(ctx, questionErrors(ctx, outcome), outcome);
    }),

    showTotp: visit(toChange, (ctx, holder) =>
      ctx.query['again'] === undefined ? showTotp(ctx, holder) : showTotpStart(ctx, holder),
    ),

    startTotp: visit(toChange, async (ctx, holder) => {
      const { passcode } = readForm(ctx, ['passcode']);
      const outcome = await startTotpEnrolment(deps, holder, passcode);
      if (outcome.kind === 'started') return seeOther(ctx, `${METHODS}/totp`);
      return showTotpStart(ctx, holder, [notConfirmedError(ctx, outcome)], outcome);
    }),

    confirmTotp: visit({ ...toChange, returnTo: `${METHODS}/totp` }, async (ctx, holder) => {
      const { code } = readForm(ctx, ['code']);
      const outcome = await confirmTotpEnrolment(deps, holder, code);
      if (outcome.kind === 'enrolled') return finish(ctx, 'totp_enrolled');
      const text = ctx.state.t(`my_account.totp_${outcome.kind}`);
      if (outcome.kind === 'over') return showTotpStart(ctx, holder, [{ field: '', text }]);
      return showTotp(ctx, holder, [{ field: 'code', text }]);
    }),

    showTotpRemove: visit(toChange, (ctx, holder) => showTotpRemove(ctx, holder)),

    removeTotp: visit(toChange, async (ctx, holder) => {
      const { passcode } = readForm(ctx, ['passcode']);
      const outcome = await removeTotp(deps, holder, passcode);
      if (outcome.kind === 'removed') return finish(ctx, 'totp_removed');
      if (outcome.kind === 'elsewhere') return seeOther(ctx, METHODS);
      return showTotpRemove(ctx, holder, [notConfirmedError(ctx, outcome)], outcome);
    }),
  };
}

function passwordError(ctx: PageContext, outcome: Exclude<ChangePasswordOutcome, { kind: 'changed' }>): FieldError {
  const { t } = ctx.state;
  switch (outcome.kind) {
    case 'weak': {
      const keys = outcome.reasons.map((reason) => `activation.password_${reason}` as const);
      return { field: 'new_password', text: sentences(ctx, keys) };
    }
    case 'same_as_before':
      return { field: 'new_password', text: t('my_account.password_same') };
    case 'wrong_password':
      return { field: 'current_password', text: t('my_account.current_password_wrong') };
    case 'elsewhere':
      return { field: '', text: t('my_account.elsewhere') };
    default:
      return notConfirmedError(ctx, outcome);
  }
}

function passcodeError(ctx: PageContext, outcome: Exclude<ChangePasscodeOutcome, { kind: 'changed' }>): FieldError {
  const { t } = ctx.state;
  switch (outcome.kind) {
    case 'weak': {
      const keys = outcome.reasons.map((reason) => `activation.passcode_${reason}` as const);
      return { field: 'new_passcode', text: sentences(ctx, keys) };
    }
    case 'same_as_before':
      return { field: 'new_passcode', text: t('my_account.passcode_same') };
    case 'elsewhere':
      return { field: '', text: t('my_account.elsewhere') };
    default:
      return notConfirmedError(ctx, outcome);
  }
}

function questionErrors(ctx: PageContext, outcome: Exclude<ChangeQuestionsOutcome, { kind: 'changed' }>): FieldError[] {
  const { t } = ctx.state;
  switch (outcome.kind) {
    case 'refused':
      // Each with the name of its field: in the summary four errors of two kinds must be told apart.
      return outcome.problems.map(({ field, reason }) => ({
        field,
        text: `${t(`activation.${field}`)}: ${t(`activation.answer_${reason}`)}`,
      }));
    case 'elsewhere':
      return [{ field: '', text: t('my_account.elsewhere') }];
    default:
      return [notConfirmedError(ctx, outcome)];
  }
}

/** Several broken rules of one field in one text: each is a sentence without its full stop. */
function sentences(ctx: PageContext, keys: readonly TextKey[]): string {
  return keys.map((key) => ctx.state.t(key)).join('. ');
}
