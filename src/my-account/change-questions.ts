import { putCredential } from '../accounts/credential-store.ts';
import { type AnswerProblem, judgeAnswers, type TypedAnswers } from '../domain/security-answers.ts';
import { confirmByPasscode, type NotConfirmed } from './confirm-by-passcode.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';
import { saveCredentialChange } from './save-credential-change.ts';

export type ChangeQuestionsOutcome =
  | { kind: 'changed' }
  | { kind: 'elsewhere' }
  | { kind: 'refused'; problems: readonly AnswerProblem[] }
  | NotConfirmed;

export async function changeQuestions(
  deps: MyAccountDeps,
  holder: Holder,
  typed: TypedAnswers & { passcode: string },
): Promise<ChangeQuestionsOutcome> {
  const { accountId } = holder.session;
  const judged = judgeAnswers(typed);
  if (!judged.ok) return { kind: 'refused', problems: judged.problems };
  const notConfirmed = await confirmByPasscode(deps, accountId, typed.passcode);
  if (notConfirmed !== undefined) return notConfirmed;
  const { first, second } = judged;
  const [secret1, secret2] = await Promise.all([deps.hasher.hash(first.answer), deps.hasher.hash(second.answer)]);
  const isSaved = await saveCredentialChange(deps, holder, {
    action: 'credential.questions_set',
    sms: 'sms.questions_changed',
    async write(tx, now) {
      await putCredential(tx, { accountId, kind: 'answer_1', secret: secret1, question: first.question }, now);
      await putCredential(tx, { accountId, kind: 'answer_2', secret: secret2, question: second.question }, now);
      return true;
    },
  });
  return { kind: isSaved ? 'changed' : 'elsewhere' };
}
