import { gunzipSync } from 'node:zlib';
import { html } from 'hono/html';
import { describe, expect, it } from 'vitest';
import { pageBytes, pageTemplate } from '../../src/web/page-template.ts';

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

describe('a page rendered ahead as bytes', () => {
  const long = `Đăng nhập – ${'sổ sức khỏe điện tử '.repeat(400)}`;
  const make = () => pageBytes(['href', 'name'], (slots) => page(slots, long));

  it.each([
    ['', ''],
    ['/interaction/abc', 'x'],
    ['/a', 'y'.repeat(65_535)],
  ])('is, compressed or not, the page itself', async (href, name) => {
    const { plain, gzipped } = await make();
    const whole = String(await page({ href, name }, long));
    expect(Buffer.from(plain({ href, name }), 'latin1').toString()).toBe(whole);
    expect(gunzipSync(Buffer.from(gzipped({ href, name }), 'latin1')).toString()).toBe(whole);
  });

  it('is as long whatever a value of the same length says, also when it repeats what is there', async () => {
    const { gzipped } = await make();
    const lengths = ['sokhoe', 'khongx', '<p tit'].map((name) => gzipped({ href: '/a', name }).length);
    expect(new Set(lengths).size).toBe(1);
    expect(lengths[0]).toBeLessThan(1_000);
  });
});
