import * as cheerio from 'cheerio';

export type SeenPage = {
  status: number;
  url: URL;
  text: string;
  $: cheerio.CheerioAPI;
  /** Text of the `h1`. */
  title: string;
  headers: Headers;
};

type Cookie = { value: string; path: string };

/** A person with one browser: cookies by host, whatever the port, and redirects followed to wherever they lead. */
export type Citizen = ReturnType<typeof newCitizen>;

export function newCitizen(language = 'vi') {
  const cookies = new Map<string, Cookie>();

  async function send(url: URL, init: RequestInit = {}): Promise<SeenPage> {
    let [at, current] = [url, init];
    for (let hops = 0; hops < 15; hops += 1) {
      const headers = new Headers(current.headers);
      headers.set('Cookie', cookieHeader(cookies, at));
      headers.set('Accept-Language', language);
      const response = await fetch(at, { ...current, headers, redirect: 'manual' });
      for (const line of response.headers.getSetCookie()) keep(cookies, line, at);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return pageOf(response, at);
      await response.arrayBuffer();
      at = new URL(location, at);
      current = {};
    }
    throw new Error(`redirected for ever at ${at.pathname}`);
  }

  return {
    cookies,
    open: (address: string | URL): Promise<SeenPage> => send(new URL(address)),

    /** Presses a button of the page: sends its form as a browser would, with what is `typed`. `from`: as if it stood on another site. */
    async press(
      page: SeenPage,
      selector: string,
      typed: Record<string, string | string[]> = {},
      from = page.url.origin,
    ): Promise<SeenPage> {
      const { $ } = page;
      const button = $(selector).first();
      const form = button.closest('form');
      if (form.length === 0) throw new Error(`no form with ${selector} on the page "${page.title}"`);
      const fields = new URLSearchParams(form.serialize());
      for (const [name, value] of Object.entries(typed)) {
        fields.delete(name);
        for (const one of [value].flat()) fields.append(name, one);
      }
      const [name, value] = [button.attr('name'), button.attr('value')];
      if (name !== undefined) fields.set(name, value ?? '');
      const target = new URL(form.attr('action') ?? '', page.url);
      if (form.attr('method') === 'get') return send(new URL(`${target.pathname}?${fields.toString()}`, target));
      return send(target, {
        method: 'POST',
        body: fields,
        headers: {
          Origin: from,
          'Sec-Fetch-Site': target.origin === from ? 'same-origin' : 'same-site',
        },
      });
    },
  };
}

function cookieHeader(cookies: Map<string, Cookie>, { pathname }: URL): string {
  return [...cookies]
    .filter(([, { path }]) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
    .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
    .join('; ');
}

function keep(cookies: Map<string, Cookie>, line: string, { pathname }: URL): void {
  const [pair = '', ...attributes] = line.split(/;\s*/);
  const name = pair.slice(0, pair.indexOf('='));
  const value = pair.slice(pair.indexOf('=') + 1);
  const attribute = (key: string): string | undefined =>
    attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
  const path = attribute('path') ?? pathname;
  const isOver = attribute('max-age') === '0' || (attribute('expires') ?? '').includes(' 1970 ');
  if (isOver || value === '') cookies.delete(`${name} ${path}`);
  else cookies.set(`${name} ${path}`, { value, path });
}

async function pageOf(response: Response, url: URL): Promise<SeenPage> {
  const text = await response.text();
  const $ = cheerio.load(text);
  return { status: response.status, url, text, $, title: $('h1').text(), headers: response.headers };
}
