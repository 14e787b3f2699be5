import type { oidcVi } from './oidc.vi.ts';
import type { Texts } from './texts.ts';

export const oidcEn: Texts<typeof oidcVi> = {
  'oidc.error_title': 'This sign-in request cannot be carried out',
  'oidc.error_text':
    'The service you came from sent a request that cannot be accepted, or the request has expired. Go back to that service and start again.',
  'oidc.error_expired_title': 'This sign-in is over',
  'oidc.error_expired_text': 'Time ran out, or an old page was opened again. Go back to the service and sign in again.',
  'oidc.error_for_developers': 'For the developers of the service',
  'oidc.error_code': 'Error',
  'oidc.error_description': 'Description',

  'oidc.logout_title': 'Do you want to sign out?',
  'oidc.logout_text':
    'You will be signed out of your identity account on this device, and of the services that you signed in to with it.',
  'oidc.logout_from': '{service} asks to sign you out.',
  'oidc.logout_yes': 'Sign out',
  'oidc.logout_no': 'Stay signed in',
  'oidc.logged_out_title': 'You are signed out',
  'oidc.logged_out_text': 'If others use this computer, close the browser.',
};
