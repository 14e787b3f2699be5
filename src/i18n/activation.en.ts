import type { activationVi } from './activation.vi.ts';
import type { Texts } from './texts.ts';

export const activationEn: Texts<typeof activationVi> = {
  'activation.step_identity': 'Your details',
  'activation.step_code': 'Code',
  'activation.step_password': 'Password',
  'activation.step_passcode': 'Passcode',
  'activation.step_questions': 'Security questions',
  'activation.step_guardian': 'Guardian',
  'activation.step_done': 'Done',

  'activation.start_title': 'Activate your electronic identity account',
  'activation.start_lead':
    'For people who have been told that their account was granted. You need your citizen id and the phone you registered with your application.',
  'activation.citizen_id': 'Citizen id',
  'activation.citizen_id_hint': '12 digits, printed on your identity card.',
  'activation.citizen_id_empty': 'Enter your citizen id',
  'activation.citizen_id_not_12_digits': 'A citizen id has 12 digits. The old 9-digit number cannot be used.',
  'activation.citizen_id_unknown': 'This is not a citizen id: check the first 3 digits',
  'activation.phone_number': 'Registered phone number',
  'activation.phone_number_hint': 'The number you gave when you applied. A code will be sent to it.',
  'activation.phone_number_empty': 'Enter your registered phone number',
  'activation.phone_number_invalid': 'Enter a Vietnamese mobile number, such as 0912 345 678',
  'activation.send_request': 'Send request',
  'activation.what_follows_title': 'What happens then?',
  'activation.what_follows':
    'You enter the code sent to your phone, choose a password and a passcode, and answer two security questions. It takes about 5 minutes.',
  'activation.help_title': 'No smartphone, or need somebody to help?',
  'activation.help_text':
    'This page works on any phone or computer. You can also go to your ward police or a public service assist point. Whoever helps you must not ask for your password, passcode or code.',
  'activation.attempt_over': 'Your last activation ran out of time. Nothing has changed; please start again.',
  'activation.attempt_open': 'You have an unfinished activation in this browser.',
  'activation.attempt_go_on': 'Go on where you were',
  'activation.busy':
    'The service is busy. Everything you have completed is kept. Type the answers again and send them in a few seconds',
  'activation.blocked':
    'Too many requests were sent. Try again in {minutes, plural, one {# minute} other {# minutes}}. Your account is not locked because of this.',
  'activation.start_again': 'Start again',

  'activation.code_title': 'Enter your code',
  'activation.code_sent':
    'If your details match our records, a 6-digit code has been sent to the phone number ending in {tail}.',
  'activation.code': 'Code',
  'activation.code_hint':
    'The code is valid for {minutes, plural, one {# minute} other {# minutes}}. Only the newest one works.',
  'activation.code_never_share': 'Give this code to nobody, not even to somebody who says they are an officer.',
  'activation.code_malformed': 'Enter all 6 digits of the code',
  'activation.code_wrong': 'The code is not right. Look at the newest message.',
  'activation.code_expired': 'The code has expired. Ask for a new one.',
  'activation.code_too_many_tries': 'This code was entered wrongly too often and no longer works. Ask for a new one.',
  'activation.code_none': 'This code has been used. Ask for a new one.',
  'activation.resend_title': 'No code yet?',
  'activation.resend_text':
    'A message can take a few minutes. If none comes, the phone number or the citizen id may not match our records. Enter them again, or ask your ward police which number is registered.',
  'activation.resend': 'Send a new code',
  'activation.resend_wait': 'You can ask for a new code in {seconds, plural, one {# second} other {# seconds}}.',
  'activation.resend_too_early':
    'No new code was sent: wait {seconds, plural, one {# more second} other {# more seconds}}.',
  'activation.resend_done': 'A new code was sent. Earlier ones no longer work.',
  'activation.resend_blocked':
    'Too many codes were sent today. Try again in {hours, plural, one {# hour} other {# hours}}.',

  'activation.password_title': 'Choose a password',
  'activation.password_lead': 'You use this password whenever you sign in.',
  'activation.password': 'New password',
  'activation.password_hint':
    '8 to 20 characters with a digit, an upper case letter, a lower case letter and one of !\u00a0@\u00a0#\u00a0$\u00a0^\u00a0*\u00a0(\u00a0)\u00a0_',
  'activation.password_too_short': 'The password needs at least 8 characters',
  'activation.password_too_long': 'The password can have 20 characters at most',
  'activation.password_no_digit': 'Add at least one digit',
  'activation.password_no_upper': 'Add at least one upper case letter',
  'activation.password_no_lower': 'Add at least one lower case letter',
  'activation.password_no_symbol': 'Add at least one of !\u00a0@\u00a0#\u00a0$\u00a0^\u00a0*\u00a0(\u00a0)\u00a0_',
  'activation.password_has_space': 'Leave out spaces',
  'activation.password_contains_citizen_id': 'Leave your citizen id out of the password',
  'activation.password_contains_phone': 'Leave your phone number out of the password',
  'activation.password_contains_name': 'Leave your name out of the password',
  'activation.password_too_common': 'This password is too common and easy to guess',

  'activation.known_passcode_title': 'Confirm with your passcode',
  'activation.known_passcode_lead':
    'Your account has a passcode from an earlier activation. Enter it to go on; it stays as it is.',
  'activation.known_passcode': 'Your passcode',
  'activation.known_passcode_hint': 'The 6 digits you chose.',
  'activation.known_passcode_forgotten': 'Forgot your passcode?',
  'activation.passcode_title': 'Choose a passcode',
  'activation.passcode_lead':
    'The passcode is 6 digits and confirms important acts, such as changing the password or locking the account. It does not replace the password.',
  'activation.passcode': 'New passcode',
  'activation.passcode_hint': '6 digits that are hard to guess: no birthday, no repetition, no run of digits.',
  'activation.passcode_not_6_digits': 'A passcode has exactly 6 digits',
  'activation.passcode_repeated': 'This passcode repeats itself and is easy to guess',
  'activation.passcode_run': 'This passcode is a run of digits and easy to guess',
  'activation.passcode_pairs': 'This passcode is made of pairs and easy to guess',
  'activation.passcode_birthday': 'Do not use your birthday as a passcode',
  'activation.passcode_citizen_id_tail': 'Do not use the last 6 digits of your citizen id as a passcode',
  'activation.passcode_phone_tail': 'Do not use the last 6 digits of your phone number as a passcode',

  'activation.questions_title': 'Choose two security questions',
  'activation.questions_lead':
    'Used when you forget your password. Choose answers that only you know. Upper case, accents and spaces do not matter.',
  'activation.question_1': 'First question',
  'activation.answer_1': 'First answer',
  'activation.question_2': 'Second question',
  'activation.answer_2': 'Second answer',
  'activation.choose_question': 'Choose a question',
  'activation.answer_not_chosen': 'choose a question',
  'activation.answer_same_question': 'choose another than the first',
  'activation.answer_too_short': 'enter at least 2 characters',
  'activation.answer_too_long': '100 characters at most',
  'activation.answer_same_answer': 'must differ from the first answer',
  'activation.finish': 'Activate my account',
  'activation.finish_credentials': 'Save and finish',
  'activation.ask_guardian': 'Ask my guardian to confirm',
  'activation.question.first_school': 'Name of your first school?',
  'activation.question.favourite_teacher': 'Which teacher did you like best?',
  'activation.question.childhood_friend': 'Name of your best childhood friend?',
  'activation.question.childhood_nickname': 'What were you called as a child?',
  'activation.question.first_job': 'What was your first job?',
  'activation.question.favourite_dish': 'What is your favourite dish?',
  'activation.question.favourite_song': 'What is your favourite song?',
  'activation.question.first_journey': 'Where did your first journey go?',
  'activation.question.first_pet': 'Name of your first pet?',
  'activation.question.grandmother_name': 'Name of your grandmother?',

  'activation.credentials_notice':
    'This account was activated before, but has no password on this system. You choose a password, a passcode and security questions to sign in with; the earlier activation stays as it is.',

  'activation.guardian_title': 'Waiting for your guardian',
  'activation.guardian_lead':
    'You have done your part. The account is activated once your guardian signs in to their own level 2 account and confirms.',
  'activation.guardian_how':
    'Your guardian has had a message. They can also sign in on a device of their own and open this address:',
  'activation.guardian_until': 'The request is valid until {until}.',
  'activation.guardian_check': 'Check again',
  'activation.guardian_still_waiting': 'Your guardian has not confirmed yet.',

  'activation.requests_title': 'Activations waiting for you to confirm',
  'activation.requests_lead': 'You are the guardian: the account of your ward is activated once you confirm.',
  'activation.requests_none': 'Nothing is waiting.',
  'activation.requests_open': 'See and confirm',
  'activation.confirm_title': 'Confirm the activation for your ward',
  'activation.confirm_name': 'Full name',
  'activation.confirm_citizen_id': 'Citizen id',
  'activation.confirm_level': 'Account level',
  'activation.confirm_level_value': 'Level {level}',
  'activation.confirm_credentials_only': 'Activated before; sets a password and a passcode',
  'activation.confirm_asked_at': 'Asked at',
  'activation.confirm_until': 'Valid until',
  'activation.confirm_warning':
    'Confirm only if this person asked you to. Your name is recorded together with the activation.',
  'activation.confirm_passcode': 'Your passcode',
  'activation.confirm_passcode_hint': 'The 6 digits you chose for your own account.',
  'activation.confirm': 'Confirm the activation',
  'activation.confirm_wrong_passcode': 'The passcode is not right',
  'activation.confirm_blocked':
    'Too many wrong tries. Try again in {minutes, plural, one {# minute} other {# minutes}}.',
  'activation.confirm_level_too_low':
    'Your own account must be activated at level 2 before you can confirm for others.',
  'activation.confirmed_title': 'The account of your ward is activated',
  'activation.confirmed_lead': 'They can now sign in with the password they chose.',
  'activation.confirm_not_done_title': 'This request cannot be completed',
  'activation.confirm_not_done_lead': 'The account has changed since. Start again, or call the hotline.',
  'activation.sign_in_first_title': 'Sign in to see the request',
  'activation.sign_in_first_lead':
    'This page is for the guardian. Sign in to your own account, then open this address again.',
  'activation.to_requests': 'See other requests',

  'activation.sign_in': 'Sign in',
  'activation.recover': 'Forgot your password?',
  'activation.outcome_activated_title': 'Your account is activated',
  'activation.outcome_activated': 'Your electronic identity account, level {levels}, was activated at {at}.',
  'activation.outcome_credentials_set_title': 'Your password and passcode are set',
  'activation.outcome_credentials_set': 'You can now sign in to the account that was activated before.',
  'activation.outcome_sms': 'A message about this has been sent to your phone.',
  'activation.outcome_next_title': 'Next',
  'activation.outcome_next': 'Sign in for the first time to start using it.',
  'activation.outcome_assisted':
    'This device keeps nothing of yours. Sign in on a device of your own, and tell nobody your password or passcode.',
  'activation.outcome_other_level_late':
    'The time to activate your other level alone has passed ({day}). Call the hotline to have it opened again.',
  'activation.outcome_late_title': 'The time to activate alone has passed',
  'activation.outcome_late':
    'You could activate alone until the end of {day}. Your account is not lost: the hotline or the police check who you are and open it again for you.',
  'activation.outcome_late_do':
    'Call the identity hotline, or take your identity card to the ward police or the nearest assist point. Then start again on this page.',
  'activation.outcome_locked_title': 'This account is locked',
  'activation.outcome_locked': 'While it is locked, the account can neither be activated nor signed in to.',
  'activation.outcome_locked_do':
    'Take your identity card to the ward police to learn the reason and to ask for it to be unlocked. Once no reason remains, activate on this page.',
  'activation.outcome_deceased_title': 'This account cannot be activated',
  'activation.outcome_deceased': 'The civil register records that the holder has died, so the account is locked.',
  'activation.outcome_deceased_do':
    'If that is wrong, go to the ward police or the civil registry to have it corrected. If you are a relative, there is nothing more for you to do.',
  'activation.outcome_closed_title': 'This account is closed',
  'activation.outcome_closed': 'This citizen id was cancelled or merged, so the account can no longer be used.',
  'activation.outcome_closed_do': 'Go to the ward police to learn your present citizen id.',
  'activation.outcome_already_active_title': 'Your account is already activated',
  'activation.outcome_already_active': 'There is no need to activate again. Sign in with the password you chose.',
  'activation.outcome_already_active_do':
    'If it was not you who activated it, call the hotline or see the ward police now to have it locked.',
  'activation.outcome_overtaken_title': 'Your account has just changed elsewhere',
  'activation.outcome_overtaken':
    'While you were here, the account was activated or changed on another device. What you entered here was not saved.',
  'activation.outcome_overtaken_do':
    'If that was you on the other device, sign in. If not, call the hotline or see the ward police now to have the account locked.',
  'activation.outcome_nothing_granted_title': 'There is nothing to activate yet',
  'activation.outcome_nothing_granted':
    'Your phone number is confirmed, but your application is not approved yet or its notice was not sent.',
  'activation.outcome_nothing_granted_do':
    'Wait for the message that your application was approved, then come back. If it has been long, ask the ward police where you applied.',
  'activation.outcome_guardian_missing_title': 'No guardian on record',
  'activation.outcome_guardian_missing':
    'A guardian must confirm this account, but none with an identity account of their own is on record.',
  'activation.outcome_guardian_missing_do':
    'A parent or guardian can have this added at the ward police; then start again on this page.',
};
