import type { smsVi } from './sms.vi.ts';
import type { Texts } from './texts.ts';

export const smsEn: Texts<typeof smsVi> = {
  'sms.grant_notice':
    'Your application for an electronic identity account was approved. Activate it at {issuer}/activate, at the latest on {day}.',
  'sms.activation_code':
    '{code} is your code to activate your identity account. Valid {minutes, plural, one {# minute} other {# minutes}}. Give it to nobody, officers included.',
  'sms.activated':
    'Your identity account, level {levels}, was activated at {at}. Not you? Call the identity hotline or see the ward police now to lock it.',
  'sms.credentials_set':
    'Password and passcode of your identity account were set at {at}. Not you? Call the identity hotline or see the ward police now.',
  'sms.guardian_asked':
    'Your ward asks to activate an identity account. Sign in at {issuer}/activate/guardian/requests to see it. If you know nothing of it, do not confirm.',
  'sms.guardian_confirmed':
    'You confirmed the activation of the account of your ward at {at}. Not you? Call the identity hotline now.',
  'sms.sign_in_code':
    'Your sign-in code is {code}, valid for {minutes} min. Never give it to anyone, not even an officer.',
  'sms.new_device':
    'Your identity account was just used to sign in on a new device: {device}, {time}. If it was not you, lock the account at once or call the hotline.',
  'sms.password_changed':
    'The password of your identity account was changed at {at}. Not you? Reset it now at {issuer}/recover, or call the identity hotline to lock it.',
  'sms.passcode_changed':
    'The passcode of your identity account was changed at {at}. Not you? Reset it now at {issuer}/recover, or call the identity hotline to lock it.',
  'sms.questions_changed':
    'The security questions of your identity account were changed at {at}. Not you? Change your password now at {issuer}/account, or call the hotline.',
  'sms.totp_enrolled':
    'An authenticator app was turned on for your identity account at {at}. Not you? Call the hotline or see the ward police now to lock it.',
  'sms.totp_removed':
    'The authenticator app of your identity account was turned off at {at}. Not you? Reset your password at {issuer}/recover, or call the hotline.',
  'sms.locked_by_holder':
    'Your identity account was locked at your request at {at}. To open it: take your identity card to the ward police, or call the hotline.',
  'sms.recovery_code':
    '{code} is your code to reset your identity password or passcode. Valid {minutes, plural, one {# minute} other {# minutes}}. Give it to nobody, officers included.',
  'sms.recovered_password':
    'The password of your identity account was reset at {at}; you are signed out everywhere. Not you? Call the hotline or see the police now to lock it.',
  'sms.recovered_passcode':
    'The passcode of your identity account was reset at {at}; you are signed out everywhere. Not you? Call the hotline or see the police now to lock it.',
  'sms.locked_by_officer':
    'Your identity account was locked at {at}. For the reason, and to unlock it, call the identity hotline or see the commune police.',
  'sms.unlocked':
    'Your identity account was unlocked at {at}. Not asked for by you? Call the hotline or see the commune police now to lock it.',
};
