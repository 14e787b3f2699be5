import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'doctype-style': ['error', { style: 'lowercase' }],
    // What scrolls is a region (a keyboard must reach it); a listing is a `pre`, and no element besides `section` has that role.
    'prefer-native-element': ['error', { exclude: ['region'] }],
    // A passcode is no password: without `off` browsers offer the one in place of the other.
    'autocomplete-password': 'off',
    // Checkboxes of one question, and the two buttons of a consent, share a name.
    'form-dup-name': ['error', { allowCheckboxDefault: true, shared: ['checkbox', 'radio', 'submit'] }],
  },
});

/** What is wrong with the markup as it was sent, one line a fault. */
export function markupFaults(html: string): string[] {
  return validator
    .validateStringSync(html)
    .results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => `${ruleId}: ${message}: ${html.split('\n')[line - 1]?.trim() ?? ''}`),
    );
}
