import { html } from 'hono/html';
import { describe, expect, it } from 'vitest';
import { pageTemplate } from '../../src/web/page-template.ts';

const page = (slots: { href: string; name: string }, service: string) =>
  html`<p title="${slots.name}">${service}</p><form action="${slots.href}/password"></form><a href="${slots.href}">x</a>`;

describe('a page rendered ahead', () => {
  it('is, filled, the page itself', async () => {
    const values = { href: '/interaction/abc', name: 'A–z' };
    const fill = await pageTemplate(['href', 'name'], (slots) => page(slots, 'Dịch vụ & "sổ"'));
    expect(fill(values)).toBe(String(await page(values, 'Dịch vụ & "sổ"')));
  });

  it('gives each visitor her own values, and keeps none', async () => {
    const fill = await pageTemplate(['href', 'name'], (slots) => page(slots, 'x'));
    expect(fill({ href: '/first', name: 'first' })).toContain('/first');
    expect(fill({ href: '/second', name: 'second' })).not.toContain('first');
  });

  it('does not take a name for a slot', async () => {
    const fill = await pageTemplate(['href', 'name'], (slots) => page(slots, 'slot-href- slot--name--'));
    expect(fill({ href: '/a', name: 'b' })).toContain('<p title="b">slot-href- slot--name--</p>');
  });
});
