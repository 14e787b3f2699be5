import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { linkButton } from '../../views/components/buttons.ts';
import { card } from '../../views/components/card.ts';
import { codeBlock } from '../../views/components/code-block.ts';
import { dataTable } from '../../views/components/data-table.ts';
import { checkboxes, secretField, selectField, textField } from '../../views/components/fields.ts';
import { link } from '../../views/components/link.ts';
import { notice } from '../../views/components/notice.ts';
import { safeHref } from '../../views/components/safe-href.ts';
import { summaryList } from '../../views/components/summary-list.ts';
import type { Html } from '../../views/html.ts';
import { trustedSvg } from '../../views/trusted-svg.ts';

/** A component's markup. (The tag's type allows promises, which ours never hold.) */
async function markupOf(component: Html): Promise<string> {
  return String(await component);
}

const HOSTILE = `"><script>alert('1')</script>&`;

describe('components', () => {
  it.each<[string, Html]>([
    [
      'textField',
      textField({ name: 'a', label: HOSTILE, hint: HOSTILE, error: HOSTILE, value: HOSTILE, lang: HOSTILE }),
    ],
    ['selectField', selectField({ name: 'a', label: HOSTILE, options: [{ value: HOSTILE, text: HOSTILE }] })],
    [
      'checkboxes',
      checkboxes({ name: 'a', label: HOSTILE, options: [{ value: HOSTILE, text: HOSTILE, hint: HOSTILE }] }),
    ],
    ['notice', notice('info', HOSTILE, HOSTILE)],
    ['card', card({ title: HOSTILE, body: HOSTILE })],
    ['codeBlock', codeBlock(HOSTILE, HOSTILE)],
    ['dataTable', dataTable({ caption: HOSTILE, columns: [{ text: HOSTILE }], rows: [[HOSTILE]] })],
    [
      'summaryList',
      summaryList([{ label: HOSTILE, value: HOSTILE, action: { text: HOSTILE, href: HOSTILE, about: HOSTILE } }]),
    ],
    ['link', link(HOSTILE, HOSTILE)],
  ])('%s shows hostile text as text', async (_, component) => {
    const markup = await markupOf(component);
    const page = load(markup);
    expect(page('script')).toHaveLength(0);
    expect(markup).not.toContain('<script');
    expect(page.text() + page('input').attr('value')).toContain(HOSTILE);
  });

  it('tie a hint and an error to their field, and never send a secret back', async () => {
    const page = load(
      await markupOf(secretField({ name: 'password', label: 'P', hint: 'H', error: 'E', autocomplete: 'off' })),
    );
    const input = page('#password');
    expect(input.attr('aria-describedby')).toBe('password-hint password-error');
    expect(input.attr('aria-invalid')).toBe('true');
    expect(input.attr('value')).toBeUndefined();
    expect(page('label').attr('for')).toBe('password');
  });

  it('tick nothing that the person did not tick', async () => {
    const options = [
      { value: 'a', text: 'A' },
      { value: 'b', text: 'B' },
    ];
    expect(load(await markupOf(checkboxes({ name: 's', label: 'S', options })))(':checked')).toHaveLength(0);
    expect(load(await markupOf(checkboxes({ name: 's', label: 'S', options, chosen: ['b'] })))(':checked').val()).toBe(
      'b',
    );
  });

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:x',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'http://a\\b',
  ])('lead nowhere by %s', async (href) => {
    expect(safeHref(href)).toBeUndefined();
    expect(await markupOf(link(href, 'x'))).toBe('x');
    expect(await markupOf(linkButton('x', href))).toContain('href="#"');
  });

  it('take only drawings as trusted SVG', async () => {
    expect(await markupOf(trustedSvg('<svg><path/></svg>'))).toBe('<svg><path/></svg>');
    for (const bad of ['<p>', '<svg><script/></svg>', '<svg onload=x>', '<svg><a href="javascript:x"/></svg>']) {
      expect(() => trustedSvg(bad)).toThrow('Not a drawing');
    }
  });
});
