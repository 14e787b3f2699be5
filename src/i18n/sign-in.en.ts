import type { signInVi } from './sign-in.vi.ts';
import type { Texts } from './texts.ts';

export const signInEn: Texts<typeof signInVi> = {
  'sign_in.title': 'Sign in',
  'sign_in.lead': 'To continue to {client}.',
  'sign_in.again': '{client} asks you to sign in again, to be sure that it is you at this device.',
  'sign_in.citizen_id': 'Personal identification number',
  'sign_in.citizen_id_hint': '12 digits, printed on your identity card.',
  'sign_in.password': 'Password',
  'sign_in.submit': 'Sign in',
  'sign_in.forgot': 'Forgotten your password?',
  'sign_in.activate': 'Account not activated yet?',
  'sign_in.return': 'Return to {client}',
  'sign_in.citizen_id_empty': 'Enter your personal identification number',
  'sign_in.citizen_id_not_12_digits': 'A personal identification number has exactly 12 digits',
  'sign_in.password_empty': 'Enter your password',
  'sign_in.wrong': 'The identification number or the password is not right',
  'sign_in.busy':
    'Very many people are signing in at the same time. This try was not counted. Try again in a few seconds',
  'sign_in.start_over': 'The code was wrong too many times. Sign in again from the start.',

  'sign_in.otp_title': 'Enter the code from your authenticator app',
  'sign_in.sms_title': 'Enter the code from the text message',
  'sign_in.offer_title': 'Confirm that it is you',
  'sign_in.step_up': 'You are signed in. {client} needs one more step.',
  'sign_in.code': '6-digit code',
  'sign_in.otp_hint': 'Open the authenticator app on your phone and enter the code it shows.',
  'sign_in.sms_hint': 'The code was sent to {phone} at {sent} and is valid until {until}.',
  'sign_in.offer': 'We will send a 6-digit code to {phone}.',
  'sign_in.send': 'Send the code',
  'sign_in.resend': 'Send a new code',
  'sign_in.use_sms': 'Send me a text message instead',
  'sign_in.use_otp': 'Use the authenticator app',
  'sign_in.other_ways': 'No code received?',
  'sign_in.resend_hint': 'A message may take a minute to arrive. A new code makes the old one invalid.',
  'sign_in.otp_trouble': 'Cannot open the app?',
  'sign_in.other_account': 'Sign in with another account',
  'sign_in.code_malformed': 'Enter the code of 6 digits',
  'sign_in.otp_wrong': 'The code is wrong or has been used. Wait for the next code in the app and try again.',
  'sign_in.sms_wrong': 'The code is wrong. Look at the newest message.',
  'sign_in.sms_expired': 'The code has expired or has been used. Ask for a new one.',
  'sign_in.wait_just_sent': 'A code has just been sent. You can ask for a new one in {wait}.',
  'sign_in.wait_too_many_today': 'Too many codes have been sent to this number today. Try again in {wait}.',

  'sign_in.seconds': '{count, plural, one {# second} other {# seconds}}',
  'sign_in.minutes': '{count, plural, one {# minute} other {# minutes}}',
  'sign_in.hours': '{count, plural, one {# hour} other {# hours}}',
  'sign_in.throttled_title': 'Sign-in is paused',
  'sign_in.throttled_password': 'There were too many wrong tries. You can try again in {wait}, from {until}.',
  'sign_in.throttled_code': 'The code was wrong too many times. You can try again in {wait}, from {until}.',
  'sign_in.throttled_not_locked':
    'The account is not locked. The pause only keeps others from guessing your password or code.',
  'sign_in.throttled_known_device':
    'If it was not you: on a device where you have signed in before, you can still sign in right now.',

  'sign_in.not_told': 'We do not tell {client} this reason.',
  'sign_in.what_to_do': 'What you can do',
  'sign_in.closed_title': 'This account is closed',
  'sign_in.closed':
    'The identification number was cancelled or replaced by another, so the account can no longer be used.',
  'sign_in.closed_todo': 'If you have a new number, sign in with it. If not, ask the police of any commune or ward.',
  'sign_in.deceased_title': 'This account has been locked',
  'sign_in.deceased': 'The system has received a death notice for this identification number.',
  'sign_in.deceased_todo':
    'If this is a mistake, the holder should bring the identity card to the nearest commune or ward police to correct it. If you are a relative, please do not use this account; inheritance and survivor procedures are done with your own account.',
  'sign_in.locked_title': 'This account is locked',
  'sign_in.locked': 'While an account is locked, it cannot sign in to any service.',
  'sign_in.locked_todo':
    'Call the hotline, or bring your identity card to the police of any commune or ward. They will confirm who you are, tell you the reason and how to unlock it.',
  'sign_in.not_activated_title': 'This account is not activated',
  'sign_in.not_activated': 'Your account has been granted but not activated, so it cannot sign in yet.',
  'sign_in.account_level_too_low_title': 'This service needs an account of level 2',
  'sign_in.account_level_too_low': 'Your account is in use at level 1. {client} only accepts accounts of level 2.',
  'sign_in.guardian_approval_needed_title': 'A guardian is needed',
  'sign_in.guardian_approval_needed':
    'People under 14 use their account with the approval of a guardian. No guardian has confirmed this account online, so it cannot be used at {client} yet.',
  'sign_in.guardian_approval_needed_todo':
    'The guardian can do this with her or his own account, or go to the service together with the child.',
  'sign_in.waiting_pending': 'Your application was approved. You can activate on the web now, then sign in again.',
  'sign_in.waiting_late':
    'Your application was approved, but more than 7 days have passed since the notice. Call the hotline to have the activation opened again; your application is not lost.',
  'sign_in.waiting_none_activation':
    'Call the hotline, or ask the police of a commune or ward how far your application is.',
  'sign_in.waiting_none_level':
    'Bring your identity card to the police of any commune or ward, where your face and fingerprints are taken. It takes up to 3 working days; when you get the message, activate on the web.',
  'sign_in.go_activate': 'Activate the account',

  'sign_in.unmet_title': 'The sign-in asked for is not possible yet',
  'sign_in.unmet': '{client} demands a stronger sign-in than the system can offer today (password and one-time code).',
  'sign_in.unmet_todo': 'You did nothing wrong. Return to {client} and choose another way, or let them know.',
  'sign_in.no_second_factor_title': 'No second way to confirm that it is you',
  'sign_in.no_second_factor':
    '{client} needs a password and a code, but the account has neither a registered phone number nor an authenticator app.',
  'sign_in.no_second_factor_todo': 'Register a phone number with the police of a commune or ward, then sign in again.',
};
