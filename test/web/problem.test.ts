import { describe, expect, it } from 'vitest';
import { webApp } from './web-app.ts';

describe('what goes wrong', () => {
  it('is a page with a reference number for people', async () => {
    const { agent, lines } = webApp();
    const answer = await agent().get('/persons/999123456789?phone=0900000000');
    expect(answer.status).toBe(500);
    const reference = answer.get('X-Request-Id') ?? '';
    expect(reference).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    expect(answer.text).toContain(reference);
    expect(answer.text).toContain('Lỗi không phải do bạn');
    expect(answer.text).not.toContain('insert into');
    expect(lines.join('')).toContain(reference);
  });

  it('can be asked for again where that may help, by what a link can do', async () => {
    const agent = webApp().agent();
    expect((await agent.get('/persons/1?tab=2')).text).toContain('href="/persons/1?tab=2">Thử lại</a>');
    for (const path of ['/nothing', '//elsewhere.example/persons/1', '/%00'])
      expect((await agent.get(path)).text).not.toContain('Thử lại');
  });

  it('is problem+json for programs', async () => {
    const answer = await webApp().agent().get('/late').set('Accept', 'application/json').set('Accept-Language', 'en');
    expect(answer.status).toBe(410);
    expect(answer.type).toBe('application/problem+json');
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'urn:dinhdanh:problem:attempt_over',
      title: 'This attempt is over',
      status: 410,
      code: 'attempt_over',
    });
    expect((await webApp().agent().get('/nothing.json')).type).toBe('application/problem+json');
  });

  it('has its own words for a missing page, a wrong method and a broken address', async () => {
    const agent = webApp().agent();
    expect((await agent.get('/nothing')).text).toContain('Không tìm thấy trang');
    const wrongMethod = await agent.delete('/form');
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.get('Allow')).toContain('POST');
    expect((await agent.get('/%00')).status).toBe(400);
    expect((await agent.get('/?x=%00')).status).toBe(400);
    expect((await agent.get('/persons/%E0%A4')).status).toBe(400);
  });
});

describe('the request log', () => {
  it('names the route, never the address', async () => {
    const { agent, lines } = webApp();
    await agent().get('/persons/999123456789?phone=0900000000');
    await agent().get('/999123456789');
    const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['route']);
    expect(requests.map(({ method, route, status }) => ({ method, route, status }))).toEqual([
      { method: 'GET', route: '/persons/:id', status: 500 },
      { method: 'GET', route: 'unmatched', status: 404 },
    ]);
    const withoutTime = requests.map((line) => ({ ...line, time: undefined }));
    expect(JSON.stringify(withoutTime)).not.toMatch(/\d{10}/);
  });
});
