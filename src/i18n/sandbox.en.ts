import type { sandboxVi } from './sandbox.vi.ts';
import type { Texts } from './texts.ts';

export const sandboxEn: Texts<typeof sandboxVi> = {
  'sandbox.title': 'Test tools',
  'sandbox.lead':
    'Everything needed to try the system: fictional people with all their passwords and codes, an inbox for text messages, clients that are registered already. This page does not exist in production.',
  'sandbox.back': 'Back to the test tools',
  'sandbox.as_json': 'As JSON',
  'sandbox.not_seeded': 'There are no personas in the register yet. Add them with:',

  'sandbox.personas_title': 'Personas',
  'sandbox.personas_lead':
    'Their citizen ids begin with 999, a prefix that is given to nobody. Here is how they stand now, and everything there is to type.',
  'sandbox.personas_text':
    'Each of them is in a situation of their own. Activate with the citizen id and the phone number, sign in with the password.',
  'sandbox.personas_caption': 'Who is who, and what to type',
  'sandbox.personas_all': 'All about each of them: security questions, card dates, time left to activate',
  'sandbox.key': 'Key',
  'sandbox.who': 'Who',
  'sandbox.numbers': 'Citizen id, phone number',
  'sandbox.secrets': 'Password, passcode',
  'sandbox.login_hint': 'login_hint',
  'sandbox.citizen_id': 'Citizen id',
  'sandbox.phone': 'Phone number',
  'sandbox.born': 'Born',
  'sandbox.card_issued': 'Card issued',
  'sandbox.levels': 'Account levels',
  'sandbox.guardian': 'Guardian',
  'sandbox.password': 'Password',
  'sandbox.passcode': 'Passcode',
  'sandbox.question_1': 'Question 1',
  'sandbox.question_2': 'Question 2',
  'sandbox.female': 'Female',
  'sandbox.male': 'Male',

  'sandbox.persona_l2_active': 'Adult, level 2 activated, with an authenticator app (TOTP)',
  'sandbox.persona_l1_active': 'Adult, level 1 activated, gets codes by text message',
  'sandbox.persona_l1_active_l2_pending': 'Level 1 in use, level 2 waiting for activation',
  'sandbox.persona_pending': 'Level 2 granted and notified today, never activated',
  'sandbox.persona_late': 'Level 2 notified 30 days ago, too late to activate alone',
  'sandbox.persona_locked': "Level 2, locked at the holder's own request",
  'sandbox.persona_deceased': 'Level 2, locked by a death notice',
  'sandbox.persona_child': '10 years old, level 1 on request; the guardian confirms the activation',
  'sandbox.persona_teen': '15 years old, level 2 activated',
  'sandbox.persona_foreigner': 'Resident foreigner, level 2 activated',
  'sandbox.persona_elder': '78 years old, level 2 waiting, activates with help at an assist point',
  'sandbox.made_person': 'Made on this sandbox.',
  'sandbox.made_facts': 'Everything there is to type',

  'sandbox.status_provisional': 'Not activated',
  'sandbox.status_active': 'Active',
  'sandbox.status_locked': 'Locked',
  'sandbox.status_closed': 'Closed',
  'sandbox.grant_granted': 'Level {level}: granted, not notified',
  'sandbox.grant_pending_activation': 'Level {level}: waiting for activation, until {due}',
  'sandbox.grant_late_activation': 'Level {level}: late since {due}',
  'sandbox.grant_activated': 'Level {level}: activated',
  'sandbox.secrets_to_choose':
    'This person has chosen no password yet. The values below are proposals for the activation.',
  'sandbox.secrets_changed':
    'A password, passcode or answer was set during a test. Only hashes are kept, so the values below may no longer be right.',

  'sandbox.totp': 'Authenticator code',
  'sandbox.totp_text':
    'A code is good for one use. If the current one was used, type the next: one step ahead is accepted. Reload the page for a new code.',
  'sandbox.totp_for': '({seconds} s left)',
  'sandbox.totp_next': 'next',
  'sandbox.totp_key': 'Key to type into an authenticator app',

  'sandbox.silent_title': 'Sign-in without a page',
  'sandbox.silent_text':
    'Add login_hint=persona:<key> to the authorization request. The provider signs that person in at the strength the request needs, consents, and answers with the code in its first redirect:',
  'sandbox.silent_verifier': 'The code_verifier of the example (RFC 7636, appendix B):',
  'sandbox.silent_more':
    'Who may not sign in (locked, deceased, not activated) gets the OAuth error in that same redirect.',

  'sandbox.clients_title': 'Ready clients',
  'sandbox.clients_text': 'They work at once, without registration. You may also register a client of your own.',
  'sandbox.developers_more': 'How to integrate: endpoints, scopes, claims, errors',

  'sandbox.demos_title': 'The three demo services',
  'sandbox.demos_text':
    'They know the provider by HTTP alone, as your service would, and show token by token what they received.',
  'sandbox.demo_ihanoi': 'City portal (level 1)',
  'sandbox.demo_health': 'Health book (level 2, two factors)',
  'sandbox.demo_judicial': 'Judicial record (level 2, fresh sign-in)',

  'sandbox.inbox_section': 'Inbox',
  'sandbox.inbox_text':
    'Every text message lies here instead of reaching a phone. Open the inbox of a persona in the table above, or type any phone number.',
  'sandbox.inbox_show': 'Show messages',
  'sandbox.inbox_open': 'Messages',
  'sandbox.inbox_title': 'Messages of {name}',
  'sandbox.inbox_lead': 'Newest first.',
  'sandbox.inbox_reload': 'Reload',
  'sandbox.inbox_empty': 'No messages yet.',

  'sandbox.people_title': 'Make a new person',
  'sandbox.people_text':
    'When you need someone whom nobody has used: to activate once more, or to try another age. Anyone under 14 has the persona l2-active as guardian.',
  'sandbox.people_json': 'Or by one command; the answer holds everything there is to type:',
  'sandbox.wish_level': 'Account level',
  'sandbox.wish_status': 'Situation',
  'sandbox.wish_pending': 'Waiting for activation, notified today',
  'sandbox.wish_late': 'Late, notified 30 days ago',
  'sandbox.wish_activated': 'Activated, can sign in',
  'sandbox.wish_locked': 'Activated, then locked',
  'sandbox.wish_age': 'Age',
  'sandbox.wish_gender': 'Gender',
  'sandbox.wish_name': 'Full name',
  'sandbox.wish_name_hint': 'Leave it empty to be given one. Do not use the name of a real person.',
  'sandbox.make_person': 'Make the person',
  'sandbox.problem_not_offered': 'Choose a value from the list, or type it in the form asked for.',
  'sandbox.problem_too_young': 'At this age the law grants no such level.',

  'sandbox.reset_title': 'Start over',
  'sandbox.reset_text':
    'Deletes the test data and makes every persona again. To add only missing personas and reopen the time of those who wait: npx dinhdanh seed.',
};
