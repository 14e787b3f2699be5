import { describe, expect, it } from 'vitest';
import { tokenIn, webApp } from './web-app.ts';

const ISSUER = 'http://localhost:3000';

describe('a form', () => {
  it('is taken from our own page, by the Origin of a script or the Sec-Fetch-Site of a browser', async () => {
    const agent = webApp().agent();
    const token = tokenIn((await agent.get('/form')).text);
    const byScript = agent.post('/form').set('Origin', ISSUER).type('form');
    expect((await byScript.send({ csrf_token: token, code: '12' })).body).toMatchObject({ code: '12' });
    const byBrowser = agent.post('/form').set('Sec-Fetch-Site', 'same-origin').type('form');
    expect((await byBrowser.send({ csrf_token: token })).status).toBe(200);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another site that forges the Origin', { 'Sec-Fetch-Site': 'cross-site', Origin: ISSUER }],
    ['a neighbour under the same domain', { 'Sec-Fetch-Site': 'same-site' }],
    ['a strange Origin', { Origin: 'https://evil.example' }],
    ['a hidden Origin', { Origin: 'null' }],
    ['nowhere', {}],
  ])('is refused from %s, even with the right token', async (_, headers) => {
    const agent = webApp().agent();
    const token = tokenIn((await agent.get('/form')).text);
    const answer = await agent.post('/form').set(headers).type('form').send({ csrf_token: token });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('Trang này đã cũ');
  });

  it('is refused without the token, with a broken one, with another visitor’s, and without the cookie', async () => {
    const app = webApp();
    const agent = app.agent();
    const own = tokenIn((await agent.get('/form')).text);
    const strange = tokenIn((await app.agent().get('/form')).text);
    const post = (token?: string) => agent.post('/form').set('Origin', ISSUER).type('form').send({ csrf_token: token });
    for (const token of [
      undefined,
      '',
      'x',
      `${own}AAAA`,
      own.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
      strange,
    ]) {
      expect((await post(token)).status).toBe(403);
    }
    expect((await app.agent().post('/form').set('Origin', ISSUER).type('form').send({ csrf_token: own })).status).toBe(
      403,
    );
    expect((await post(own)).status).toBe(200);
  });

  it('has a token that looks different each time and stays good while keys rotate', async () => {
    const before = webApp({ cookieKeys: ['old'] });
    const page = await before.agent().get('/form');
    const cookies = (page.get('Set-Cookie') ?? []).map((line) => line.split(';')[0]).join('; ');
    const again = await before.agent().get('/form').set('Cookie', cookies);
    expect(tokenIn(again.text)).not.toBe(tokenIn(page.text));
    const after = webApp({ cookieKeys: ['new', 'old'] }).agent();
    const answer = await after
      .post('/form')
      .set({ Origin: ISSUER, Cookie: cookies })
      .type('form')
      .send({ csrf_token: tokenIn(page.text) });
    expect(answer.status).toBe(200);
  });

  it('keeps the first of repeated fields, composes letters, leaves what is missing empty, and knows no nesting', async () => {
    const agent = webApp().agent();
    const token = encodeURIComponent(tokenIn((await agent.get('/form')).text));
    const body = `csrf_token=${token}&code=1&code=2&scope=a&scope=b&name=${encodeURIComponent('Hòa'.normalize('NFD'))}&name[x]=1`;
    const { body: answer } = await agent.post('/form').set('Origin', ISSUER).type('form').send(body);
    expect(answer).toEqual({ code: '1', name: 'Hòa'.normalize('NFC'), all: ['a', 'b'] });
    const empty = await agent.post('/form').set('Origin', ISSUER).type('form').send(`csrf_token=${token}`);
    expect(empty.body).toEqual({ code: '', name: '', all: [] });
  });

  it('is refused with a NUL, when too long, and in another format', async () => {
    const agent = webApp().agent();
    const csrf_token = tokenIn((await agent.get('/form')).text);
    const post = () => agent.post('/form').set('Origin', ISSUER);
    expect((await post().type('form').send({ csrf_token, code: 'a\0b' })).status).toBe(400);
    expect(
      (
        await post()
          .type('form')
          .send({ csrf_token, code: 'a'.repeat(16 * 1024) })
      ).status,
    ).toBe(413);
    expect((await post().type('json').send({ csrf_token })).status).toBe(415);
    expect((await post()).status).toBe(415);
  });
});

describe('a JSON body', () => {
  it('is read, and refused when broken, too large, with a NUL or in another format', async () => {
    const agent = webApp().agent();
    const post = (body: string, type = 'application/json') => agent.post('/json').set('Content-Type', type).send(body);
    expect((await post('{"a":1}')).body).toEqual({ got: { a: 1 } });
    expect((await post('{"a":')).status).toBe(400);
    expect((await post('{"a":"\\u0000"}')).status).toBe(400);
    expect((await post(`{"a":"${'x'.repeat(64 * 1024)}"}`)).status).toBe(413);
    expect((await post('a=1', 'application/x-www-form-urlencoded')).status).toBe(415);
  });
});
