import type { refusalVi } from './refusal.vi.ts';
import type { Texts } from './texts.ts';

export const refusalEn: Texts<typeof refusalVi> = {
  'refusal.malformed_request_title': 'The request could not be read',
  'refusal.malformed_request': 'The system could not read what was sent. Go back and try once more.',
  'refusal.sign_in_required_title': 'You need to sign in',
  'refusal.sign_in_required': 'This page is for people who are signed in. Sign in, then open it again.',
  'refusal.forbidden_title': 'Not allowed',
  'refusal.forbidden': 'You are not allowed to do this.',
  'refusal.forged_request_title': 'This page is out of date',
  'refusal.forged_request':
    'For your safety a form is accepted only from this site itself and with cookies allowed. Nothing has been saved. Open the page again and fill it in.',
  'refusal.not_found_title': 'Page not found',
  'refusal.not_found': 'The address may be mistyped, or the page may have moved.',
  'refusal.method_not_allowed_title': 'This address does not work that way',
  'refusal.method_not_allowed': 'The address exists but does not take this kind of request.',
  'refusal.not_acceptable_title': 'No such format',
  'refusal.not_acceptable': 'The system cannot answer in the format you asked for.',
  'refusal.conflict_title': 'This has just been done elsewhere',
  'refusal.conflict': 'Something changed while you had the page open. Open it again to see where things stand.',
  'refusal.attempt_over_title': 'This attempt is over',
  'refusal.attempt_over': 'It ran out of time, or its steps were completed elsewhere. Start again from the beginning.',
  'refusal.body_too_large_title': 'Too long',
  'refusal.body_too_large': 'What was sent is over the limit. Nothing has been saved.',
  'refusal.unsupported_media_type_title': 'Format not supported',
  'refusal.unsupported_media_type': 'This address does not take the kind of content that was sent.',
  'refusal.invalid_field_title': 'Something is not right',
  'refusal.invalid_field': 'Some of the information is not right. Nothing has been saved. Go back and check it.',
  'refusal.too_many_requests_title': 'Too many requests',
  'refusal.too_many_requests': 'Wait a little, then try again. Your account is not locked because of this.',
  'refusal.unexpected_title': 'Something went wrong on our side',
  'refusal.unexpected': 'This was not your doing, and it has been recorded. Try again in a few minutes.',
  'refusal.busy_title': 'The service is busy',
  'refusal.busy':
    'Very many people are typing a password at the same time. This try was not counted, and everything you have completed is kept. Go back and try again in a few seconds.',
  'refusal.not_ready_title': 'These figures are not ready yet',
  'refusal.not_ready':
    'Many figures are being asked for that nobody asked for before. Try again in a few seconds; pages that are read often open at once.',
  'refusal.maintenance_title': 'The system is overloaded or under maintenance',
  'refusal.maintenance':
    'Very many people are here right now. What you have completed is kept. Try again in a few minutes.',
  'refusal.interrupted_title': 'The service is interrupted',
  'refusal.interrupted':
    'A part of the system does not answer. What you have completed is kept; the step you just sent may not have been saved. Try again in a few seconds.',
};
