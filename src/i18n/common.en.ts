import type { commonVi } from './common.vi.ts';
import type { Texts } from './texts.ts';

export const commonEn: Texts<typeof commonVi> = {
  'common.product': 'Định danh',
  'common.tagline': 'Electronic identity account',
  'common.skip_to_main': 'Skip to main content',
  'common.home': 'Home',
  'common.language': 'Language',
  'common.language_vi': 'Tiếng Việt',
  'common.language_en': 'English',
  'common.sandbox_ribbon': 'Sandbox: every person and figure is fictional; do not enter real information.',
  'common.sandbox_ribbon_link': 'See the messages',
  'common.error_prefix': 'Error: {title}',
  'common.error_field': 'What is wrong:',
  'common.error_summary': 'There is a problem',
  'common.continue': 'Continue',
  'common.cancel': 'Cancel',
  'common.back': 'Back',
  'common.change': 'Change',
  'common.show_secret': 'Show',
  'common.hide_secret': 'Hide',
  'common.call': 'Call {number}',
  'common.footer_hotline': 'Hotline:',
  'common.footer_about':
    'An open-source project that models electronic identification and authentication. Not a government website.',
  'common.footer_links': 'Links',
  'common.nav_activate': 'Activate an account',
  'common.nav_account': 'My account',
  'common.nav_statistics': 'Statistics',
  'common.nav_developers': 'For developers',
  'common.nav_sandbox': 'Sandbox tools',

  'common.home_title': 'Your electronic identity account',
  'common.home_lead':
    'One account to sign in to public services. You see which service asks for what, and you decide whether to agree.',
  'common.home_activate_text':
    'Have you had the message that your application was approved? Activate here on the web. You need your citizen id and the phone you registered; no smartphone.',
  'common.home_activate_button': 'Start activation',
  'common.home_account_text':
    'See your account level, ways to sign in, connected services and history. Withdraw consent or lock the account when you need to.',
  'common.home_account_button': 'Open my account',
  'common.home_levels': 'Two account levels',
  'common.home_level_1': 'Level 1',
  'common.home_level_1_text': 'Registered remotely. Signs you in and lets you send feedback.',
  'common.home_level_2': 'Level 2',
  'common.home_level_2_text':
    'Registered in person at a commune police office, with face and fingerprints. Opens every service and brings the electronic id card.',
  'common.home_more': 'More',
  'common.home_statistics_text': 'Activation rates by area. Every rate comes with its denominator.',
  'common.home_developers_text': 'Connect your service with OpenID Connect.',
  'common.home_sandbox_text': 'Test personas, and the inbox of messages the system has sent.',

  'common.try_again': 'Try again',
  'common.reference': 'Reference number',
  'common.reference_help': 'Quote this number when you call the hotline. It holds none of your personal information.',
};
