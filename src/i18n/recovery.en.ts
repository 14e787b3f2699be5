import type { recoveryVi } from './recovery.vi.ts';
import type { Texts } from './texts.ts';

export const recoveryEn: Texts<typeof recoveryVi> = {
  'recovery.step_identity': 'Your details',
  'recovery.step_code': 'Code',
  'recovery.step_proof': 'One more check',
  'recovery.step_secret': 'Choose anew',
  'recovery.step_done': 'Done',

  'recovery.start_title': 'Forgotten password or passcode',
  'recovery.start_lead':
    'You need your citizen id, the phone you registered, and one more thing: your authenticator app if you turned one on, or the issue date on your identity card.',
  'recovery.target': 'What do you want to reset?',
  'recovery.target_password': 'Password',
  'recovery.target_password_hint': 'Used whenever you sign in.',
  'recovery.target_passcode': 'Passcode',
  'recovery.target_passcode_hint': '6 digits, confirms important acts.',
  'recovery.target_not_chosen': 'Choose password or passcode',
  'recovery.not_activated_title': 'Account not activated yet?',
  'recovery.not_activated_text': 'If you have never chosen a password, activate your account first.',
  'recovery.go_activate': 'Activate my account',
  'recovery.no_phone_title': 'No longer using the registered phone number?',
  'recovery.no_phone_text':
    'Take your identity card to the ward police to change the number. Then activate again on the web.',
  'recovery.attempt_over': 'Your last reset ran out of time. Nothing has changed; please start again.',
  'recovery.attempt_open': 'You have an unfinished reset in this browser.',
  'recovery.attempt_go_on': 'Go on where you were',

  'recovery.otp_title': 'Enter the code of your authenticator app',
  'recovery.otp_lead': 'Your phone is confirmed. This account has an authenticator app, so its code is needed too.',
  'recovery.otp': 'Code shown in the app',
  'recovery.otp_hint': '6 digits.',
  'recovery.otp_malformed': 'Enter the code of 6 digits',
  'recovery.otp_wrong':
    'The code is wrong or was used before. You have {count, plural, one {# try} other {# tries}} left.',
  'recovery.card_title': 'Enter the issue date of your identity card',
  'recovery.card_lead': 'Your phone is confirmed. To be sure that it is you, please look at your identity card.',
  'recovery.card': 'Issue date',
  'recovery.card_hint': 'Printed on the back of the card, as day/month/year: 15/03/2022.',
  'recovery.card_malformed': 'Enter the date as day/month/year, such as 15/03/2022',
  'recovery.card_wrong':
    'This date does not match our records. You have {count, plural, one {# try} other {# tries}} left.',
  'recovery.proof_throttled':
    'Too many wrong checks today. Try again in {hours, plural, one {# hour} other {# hours}}, or see the ward police.',
  'recovery.proof_help_title': 'You do not have this?',
  'recovery.proof_help':
    'Take your identity card to the ward police or call the hotline: they check who you are, and you choose anew.',

  'recovery.password_title': 'Choose a new password',
  'recovery.passcode_title': 'Choose a new passcode',
  'recovery.secret_ends': 'Once saved, you are signed out everywhere and connected services have to ask again.',
  'recovery.password_save': 'Save password',
  'recovery.passcode_save': 'Save passcode',

  'recovery.recovered_password_title': 'Your new password is set',
  'recovery.recovered_passcode_title': 'Your new passcode is set',
  'recovery.recovered': 'Every session has ended. A message about it has been sent to your phone.',
  'recovery.sign_in': 'Sign in',

  'recovery.outcome_closed_title': 'This account is closed',
  'recovery.outcome_closed': 'This citizen id was cancelled or merged, so the account can no longer be used.',
  'recovery.outcome_closed_do': 'Go to the ward police to learn your present citizen id.',
  'recovery.outcome_deceased_title': 'Nothing can be reset for this account',
  'recovery.outcome_deceased': 'The civil register records that the holder has died, so the account is locked.',
  'recovery.outcome_deceased_do': 'If that is wrong, go to the ward police or the civil registry to have it corrected.',
  'recovery.outcome_locked_title': 'This account is locked',
  'recovery.outcome_locked': 'While the account is locked, its password and passcode cannot be reset.',
  'recovery.outcome_locked_do':
    'Take your identity card to the ward police or call the hotline to learn the reason and how to have it unlocked. Then come back to this page.',
  'recovery.outcome_not_activated_title': 'This account has no password yet',
  'recovery.outcome_not_activated':
    'It was never activated, has to be activated again after a change of phone number, or was activated elsewhere and has no password here.',
  'recovery.outcome_not_activated_do': 'Please activate it: you choose a password and a passcode there.',
  'recovery.outcome_no_second_proof_title': 'You cannot be checked further on the web',
  'recovery.outcome_no_second_proof': 'There is no card issue date on record, and no authenticator app is on.',
  'recovery.outcome_no_second_proof_do': 'Take your papers to the ward police to be checked in person.',
  'recovery.outcome_proof_tries_used_up_title': 'Too many wrong checks',
  'recovery.outcome_proof_tries_used_up': 'This reset has ended. Your password and passcode are as they were.',
  'recovery.outcome_proof_tries_used_up_do':
    'Look at your card or app again and start over, or see the ward police. If it is not you who does this, call the hotline.',
  'recovery.outcome_overtaken_title': 'Your account has just changed elsewhere',
  'recovery.outcome_overtaken':
    'While you were here, the account was reset or changed elsewhere. What you entered here was not saved.',
  'recovery.outcome_overtaken_do':
    'If that was you, sign in. If not, call the hotline or see the ward police now to have the account locked.',
  'recovery.start_again': 'Start again',
};
