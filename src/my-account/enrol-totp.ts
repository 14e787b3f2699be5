import { generateSecret, generateURI } from 'otplib';
import { findAccountRecord } from '../accounts/account-record.ts';
import { deleteCredential, putCredential } from '../accounts/credential-store.ts';
import { openCitizenId } from '../accounts/person-store.ts';
import { matchTotp, totpSecretPlace } from '../accounts/verify-totp.ts';
import { maskCitizenId } from '../domain/citizen-id.ts';
import { newId } from '../platform/ids.ts';
import type { SealedPlace } from '../platform/vault.ts';
import { confirmByPasscode, type NotConfirmed } from './confirm-by-passcode.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';
import { saveCredentialChange } from './save-credential-change.ts';
import { changeEnrolmentTries, deleteEnrolment, findEnrolment, putEnrolment } from './totp-enrolment-store.ts';

const ENROLMENT_MS = 10 * 60_000;
/** As the app names the account: without accents, which some apps show broken. */
const APP_ISSUER = 'Dinh danh';

/** What the app is given; `uri` is the QR code's content. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export type ShownEnrolment = { secret: string; uri: string; expiresAt: Date };

/** Makes a shared secret for a new app. It stays off, and the old app on, until a code of the new one was typed. */
export async function startTotpEnrolment(
  deps: MyAccountDeps,
  { session }: Holder,
  passcode: string,
): Promise<{ kind: 'started' } | NotConfirmed> {
  const { accountId, uid: sessionUid } = session;
  const notConfirmed = await confirmByPasscode(deps, accountId, passcode);
  if (notConfirmed !== undefined) return notConfirmed;
  const id = newId();
  const secretSealed = deps.vault.seal(generateSecret(), enrolmentPlace(id));
  const expiresAt = new Date(deps.clock().getTime() + ENROLMENT_MS);
  await putEnrolment(deps.db, { id, accountId, sessionUid, secretSealed, expiresAt });
  return { kind: 'started' };
}

/** The enrolment that this session began; undefined when there is none. */
export async function readTotpEnrolment(
  deps: MyAccountDeps,
  { session }: Pick<Holder, 'session'>,
): Promise<ShownEnrolment | undefined> {
  const { accountId, uid: sessionUid } = session;
  const enrolment = await findEnrolment(deps.db, { accountId, sessionUid }, deps.clock());
  const person = (await findAccountRecord(deps.db, accountId))?.person;
  if (enrolment === undefined || person === undefined) return undefined;
  const secret = deps.vault.open(enrolment.secretSealed, enrolmentPlace(enrolment.id));
  const label = maskCitizenId(openCitizenId(deps.vault, person));
  return { secret, uri: generateURI({ issuer: APP_ISSUER, label, secret }), expiresAt: enrolment.expiresAt };
}

export type TotpEnrolmentOutcome = { kind: 'enrolled' | 'malformed' | 'wrong' | 'over' };

/** Turns the app on. The code that proves it is used up with it: it does not sign in. `over`: expired, tried too often, or done elsewhere. */
export async function confirmTotpEnrolment(
  deps: MyAccountDeps,
  holder: Holder,
  typed: string,
): Promise<TotpEnrolmentOutcome> {
  const { accountId, uid: sessionUid } = holder.session;
  const code = typed.replace(/\s/g, '');
  if (!/^[0-9]{6}$/.test(code)) return { kind: 'malformed' };
  const enrolment = await findEnrolment(deps.db, { accountId, sessionUid }, deps.clock());
  if (enrolment === undefined) return { kind: 'over' };
  if (!(await changeEnrolmentTries(deps.db, enrolment.id, deps.config.codeTries))) return { kind: 'over' };
  const shared = deps.vault.open(enrolment.secretSealed, enrolmentPlace(enrolment.id));
  const lastTimeStep = await matchTotp(shared, code, deps.clock());
  if (lastTimeStep === undefined) return { kind: 'wrong' };
  const id = newId();
  const secret = deps.vault.seal(shared, totpSecretPlace(id));
  const isSaved = await saveCredentialChange(deps, holder, {
    action: 'credential.totp_enrolled',
    sms: 'sms.totp_enrolled',
    async write(tx, now) {
      if (!(await deleteEnrolment(tx, enrolment.id))) return false;
      await putCredential(tx, { id, accountId, kind: 'totp', secret, lastTimeStep }, now);
      return true;
    },
  });
  return { kind: isSaved ? 'enrolled' : 'over' };
}

/** Codes go to the registered phone again. */
export async function removeTotp(
  deps: MyAccountDeps,
  holder: Holder,
  passcode: string,
): Promise<{ kind: 'removed' } | { kind: 'elsewhere' } | NotConfirmed> {
  const { accountId } = holder.session;
  const notConfirmed = await confirmByPasscode(deps, accountId, passcode);
  if (notConfirmed !== undefined) return notConfirmed;
  const isSaved = await saveCredentialChange(deps, holder, {
    action: 'credential.totp_removed',
    sms: 'sms.totp_removed',
    write: (tx) => deleteCredential(tx, accountId, 'totp'),
  });
  return { kind: isSaved ? 'removed' : 'elsewhere' };
}

function enrolmentPlace(id: string): SealedPlace {
  return { table: 'totp_enrolments', column: 'secret', id };
}
