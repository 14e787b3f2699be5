import { gzipSync } from 'node:zlib';
import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { webApp } from './web-app.ts';

describe('the language', () => {
  it('is Vietnamese unless the browser prefers English', async () => {
    const agent = webApp().agent();
    expect((await agent.get('/')).text).toContain('<html lang="vi">');
    expect((await agent.get('/').set('Accept-Language', 'fr')).text).toContain('<html lang="vi">');
    expect((await agent.get('/').set('Accept-Language', 'en-US,vi;q=0.5')).text).toContain('<html lang="en">');
  });

  it('follows the switch, remembers it, and keeps the rest of the address', async () => {
    const agent = webApp().agent();
    const page = await agent.get('/?persona=elder');
    const href = load(page.text)('nav a[hreflang=en]').attr('href') ?? '';
    expect(href).toBe('/?persona=elder&lang=en');
    expect((await agent.get(href)).text).toContain('<html lang="en">');
    expect((await agent.get('/').set('Accept-Language', 'vi')).text).toContain('<html lang="en">');
  });

  it('follows ui_locales of a relying party, unless the person chose for herself', async () => {
    const app = webApp();
    expect((await app.agent().get('/?ui_locales=xx%20en')).text).toContain('<html lang="en">');
    const agent = app.agent();
    expect((await agent.get('/interaction')).text).toContain('<html lang="en">');
    await agent.get('/?lang=vi');
    expect((await agent.get('/interaction')).text).toContain('<html lang="vi">');
  });

  it('is not taken from a value that is no language', async () => {
    expect((await webApp().agent().get('/?lang=<script>')).text).toContain('<html lang="vi">');
  });
});

describe('the headers', () => {
  it('name what a page may do, with a new nonce each time', async () => {
    const agent = webApp().agent();
    const [first, second] = [await agent.get('/'), await agent.get('/')];
    const csp = first.get('Content-Security-Policy') ?? '';
    expect(csp).not.toBe(second.get('Content-Security-Policy'));
    expect(csp).not.toContain('unsafe');
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("frame-ancestors 'none'");
    const nonce = load(first.text)('script').attr('nonce') ?? '';
    expect(csp).toContain(`script-src 'nonce-${nonce}'`);
    expect(first.headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()') as string,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(first.headers).not.toHaveProperty('strict-transport-security');
    expect(first.headers).not.toHaveProperty('x-powered-by');
  });

  it('promise https, and cookies bound to this host, only where the issuer is https', async () => {
    const agent = webApp({ issuer: 'https://id.example' }).agent();
    const page = await agent.get('/form').set('X-Forwarded-Proto', 'https');
    expect(page.get('Strict-Transport-Security')).toBe('max-age=63072000; includeSubDomains');
    expect(page.get('Set-Cookie')?.[0]).toMatch(/^__Host-visitor=[\w-]+; path=\/; samesite=lax; secure; httponly$/);
  });

  it('let a form end at a relying party, and at nothing that would break out of the header', async () => {
    const agent = webApp().agent();
    const policyFor = async (redirectUri: string) =>
      (await agent.get('/consent').query({ redirect_uri: redirectUri })).get('Content-Security-Policy');
    expect(await policyFor('https://rp.example:8443/cb?x=1')).toContain("form-action 'self' https://rp.example:8443;");
    expect(await policyFor('vn.example.app:/callback')).toContain("form-action 'self' vn.example.app:;");
    for (const hostile of ['https://a;script-src/', 'javascript:alert(1)', 'data:text/html,x']) {
      expect(await policyFor(hostile)).toContain("form-action 'self';");
    }
  });
});

describe('a page', () => {
  it('gives no cookie to a visitor who was shown no form', async () => {
    expect((await webApp().agent().get('/')).headers).not.toHaveProperty('set-cookie');
  });

  it('shows the sandbox ribbon in the sandbox alone', async () => {
    expect((await webApp().agent().get('/')).text).toContain('Môi trường thử nghiệm');
    expect((await webApp({ isSandbox: false }).agent().get('/')).text).not.toContain('thử nghiệm');
  });

  it('weighs under 50 kB with its style and script, without the font', async () => {
    const { agent, assets } = webApp();
    const page = await agent().get('/');
    const { styles, script, icon } = assets.hrefs;
    const files = await Promise.all(
      [styles, script, icon].map(
        async (href) => (await assets.files.get(href)?.encoded?.('gzip'))?.length ?? Number.NaN,
      ),
    );
    expect(gzipSync(page.text).length + files.reduce((sum, length) => sum + length, 0)).toBeLessThan(50_000);
  });

  it('names only files that are there, which browsers may keep for ever', async () => {
    const app = webApp();
    const page = load((await app.agent().get('/')).text);
    const hrefs = [...page('link[href], script[src]')].map(
      (element) => element.attribs['href'] ?? element.attribs['src'] ?? '',
    );
    const css = app.assets.files.get(app.assets.hrefs.styles)?.plain.toString() ?? '';
    const inStyle = [...css.matchAll(/url\("([^"]+)"\)/g)].map((match) => match[1] ?? '');
    expect(inStyle).toHaveLength(7);
    for (const href of [...hrefs, ...inStyle]) {
      const file = await app.agent().get(href).set('Accept-Encoding', 'br');
      expect([href, file.status, file.get('Cache-Control')]).toEqual([
        href,
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
    expect((await app.agent().get('/assets/../package.json')).status).toBe(404);
  });
});

describe('public data', () => {
  it('is not sent again to one who has it', async () => {
    const agent = webApp().agent();
    const first = await agent.get('/data');
    const again = await agent.get('/data').set('If-None-Match', first.get('ETag') ?? '');
    expect([first.status, again.status, again.text]).toEqual([200, 304, '']);
  });
});
