import type { Chrome } from '../../../views/chrome.ts';
import { Refusal } from '../../domain/refusal.ts';
import { addressLimit } from '../../web/address-limit.ts';
import { clientAddress } from '../../web/client-address.ts';
import { conditionalGet } from '../../web/conditional-get.ts';
import type { PageContext, PageMiddleware } from '../../web/page-context.ts';
import { allowScript } from '../../web/security-headers.ts';
import type { StatisticsDeps } from '../answer-data.ts';
import { type Access, admit, PUBLIC, readViewer } from '../roles.ts';
import { openVersion } from '../stores/open-version-store.ts';
import { viewerSources } from '../viewer.ts';
import { type Kept, keptAnswers, type Written } from './kept-answers.ts';
import { OPEN_ADDRESSES, type OpenAddress, ROLE_ADDRESSES } from './open-addresses.ts';
import { renderingLine } from './rendering-line.ts';

export type OpenViewDeps = StatisticsDeps & {
  /** Whether an error means that a store does not answer. */
  readonly isOutage: (error: unknown) => boolean;
  readonly config: {
    readonly openDataPerAddressPerMinute: number;
    readonly publicStatisticsSeconds: number;
    readonly publicStatisticsPercent: number;
  };
};

const RETRY_SECONDS = 10;
/** Of the dashboard's data; the files change with the months. */
const DATA_SECONDS = 60;
const FILE_SECONDS = 300;

/** Stands before every address of statistics: says who reads, and answers who has no role. She is counted by her address; what she asks for is written once for everybody
 *  (`kept-answers.ts`) as nobody's page, in a line that is short of time (`rendering-line.ts`). Who has a role is answered by the handler, as she alone may read it:
 *  nothing of hers comes near what is kept, and the other way round. */
export function openView({ db, clock, config, isOutage }: OpenViewDeps): PageMiddleware {
  const limit = addressLimit({ clock, perMinute: config.openDataPerAddressPerMinute });
  const version = openVersion({ db, clock, seconds: config.publicStatisticsSeconds });
  const line = renderingLine(config.publicStatisticsPercent);
  const answers = keptAnswers();
  const sources = viewerSources(db);

  const readerOf = async (ctx: PageContext, { kind, forEverybody }: OpenAddress): Promise<Access> => {
    if (forEverybody) {
      if (kind === 'data') openToScripts(ctx);
      limit(ctx);
      return PUBLIC;
    }
    // Said before anything is refused: a refusal depends on who asks as well.
    ctx.vary('Authorization');
    ctx.vary('Cookie');
    let access: Access | undefined;
    try {
      access = await readViewer(ctx, sources, clock());
      return access;
    } finally {
      // A token that opens nothing is counted too: guessing is no way around.
      if (access === undefined || access.viewer.kind === 'public') limit(ctx);
    }
  };
  const findOrMake = async (ctx: PageContext, key: string, write: () => Promise<Written>): Promise<Kept> => {
    const known = answers.find(key);
    const now = await version().catch((error: unknown) => {
      if (known !== undefined && isOutage(error)) return known.version;
      throw error;
    });
    if (known?.version === now) return known;
    const coming = answers.findComing(key);
    if (coming !== undefined) return coming;
    const inTurn = line.enter(clientAddress(ctx));
    if (inTurn !== undefined) return answers.make(key, now, () => inTurn(write));
    ctx.state.log.info('statistics.line_full');
    // Figures of a while ago say as of when they are.
    if (known !== undefined) return known;
    ctx.set('Retry-After', String(RETRY_SECONDS));
    throw new Refusal('not_ready');
  };

  return async (ctx, next) => {
    const route = String(ctx['_matchedRoute']);
    const open = OPEN_ADDRESSES[route];
    const address = open ?? ROLE_ADDRESSES[route];
    if (address === undefined) throw new Error(`${route} is in no table of addresses.`);
    const access = await readerOf(ctx, address);
    admit(ctx, { access, asks: address.asks });
    if (address.kind === 'own') {
      await next();
      return;
    }
    if (access.viewer.kind !== 'public') {
      await answerRole(ctx, address, next);
      return;
    }
    if (open === undefined) throw new Refusal('forbidden');
    const question = questionOf(ctx, route, open);
    if (open.kind === 'page') {
      allowScript(ctx, ctx.state.chrome.assets.script);
      Object.assign(ctx.state, { chrome: nobodysChrome(ctx.state.chrome, question) });
    }
    const kept = await findOrMake(ctx, question.key, async () => {
      await next();
      return writtenBy(ctx);
    });
    send(ctx, kept, open);
  };
}

/** Of any site; what refuses too. */
function openToScripts(ctx: PageContext): void {
  ctx.set('Access-Control-Allow-Origin', '*');
  ctx.set('Access-Control-Expose-Headers', 'ETag, Retry-After');
  ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** What a token opened lies in no cache. */
async function answerRole(ctx: PageContext, { kind }: OpenAddress, next: () => Promise<unknown>): Promise<void> {
  if (kind === 'page') {
    await next();
    return;
  }
  ctx.set('Cache-Control', 'private, no-store');
  await conditionalGet(ctx, next as Parameters<typeof conditionalGet>[1]);
}

type Question = { readonly key: string; readonly path: string; readonly query: readonly (readonly [string, string])[] };

/** The address as it would be written by us, with the parameters that decide the answer: links carry others along, and none of them makes a page of its own. */
function questionOf(ctx: PageContext, route: string, { kind, asks, types }: OpenAddress): Question {
  const values = ctx['params'] as Readonly<Record<string, string | undefined>>;
  const path = route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const query = asks.flatMap((name) =>
    [ctx.query[name] ?? []].flat().flatMap((value) => (value === '' ? [] : [[name, value] as const])),
  );
  if (types !== undefined) ctx.vary('Accept');
  const form = [kind === 'page' && ctx.state.locale, types !== undefined && ctx.accepts([...types])];
  return { key: JSON.stringify([path, query, form]), path, query };
}

/** A page for everybody has nothing of a visitor: no nonce (its script is allowed by its address), no token, no link that repeats her query. */
function nobodysChrome({ locale, t, isSandbox, hotline, assets }: Chrome, { path, query }: Question): Chrome {
  return {
    locale,
    t,
    get csrfToken(): string {
      throw new Error('A page for everybody holds no token of one visitor.');
    },
    nonce: undefined,
    path,
    isSandbox,
    ...(hotline === undefined ? {} : { hotline }),
    languageHref: (lang) => {
      const values = new URLSearchParams();
      for (const [name, value] of query) values.append(name, value);
      values.append('lang', lang);
      return `${path}?${values.toString()}`;
    },
    assets,
  };
}

function writtenBy({ status, type, body, response }: PageContext): Written {
  if (status !== 200 || !(typeof body === 'string' || Buffer.isBuffer(body)))
    throw new Error('Only a whole answer is kept.');
  const own = (name: string): string | undefined => response.get(name) || undefined;
  return {
    type: own('Content-Type') ?? type,
    language: own('Content-Language'),
    disposition: own('Content-Disposition'),
    policy: type === 'image/svg+xml' ? own('Content-Security-Policy') : undefined,
    body: Buffer.from(body),
  };
}

/** A page is asked for again each time: a browser that heeds no `Vary: Cookie` (Chromium's cache) would show the public one to an official who has just entered her token. */
function send(ctx: PageContext, kept: Kept, { forEverybody }: OpenAddress): void {
  const isPage = kept.type.startsWith('text/html');
  const seconds = forEverybody ? FILE_SECONDS : DATA_SECONDS;
  ctx.set('Cache-Control', isPage ? 'no-cache' : `public, max-age=${seconds}`);
  ctx.set('ETag', kept.etag);
  if (kept.policy !== undefined) ctx.set('Content-Security-Policy', kept.policy);
  if (isPage) ctx.vary('Accept-Language');
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    ctx.body = null;
    return;
  }
  sendBody(ctx, kept);
}

function sendBody(ctx: PageContext, { type, language, disposition, body, br, gzip }: Kept): void {
  ctx.set('Content-Type', type);
  if (language !== undefined) ctx.set('Content-Language', language);
  if (disposition !== undefined) ctx.set('Content-Disposition', disposition);
  const encodings = { ...(br !== undefined && { br }), ...(gzip !== undefined && { gzip }), identity: body };
  const encoding = ctx.acceptsEncodings(Object.keys(encodings)) as keyof typeof encodings | false;
  ctx.body = (encoding && encodings[encoding]) || body;
  if (encoding === 'br' || encoding === 'gzip') ctx.set('Content-Encoding', encoding);
}
