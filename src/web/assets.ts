import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { AssetHrefs } from '../../views/chrome.ts';
import type { PageMiddleware } from './page-context.ts';

const FOLDER = new URL('../../views/assets/', import.meta.url);
const STYLES = new URL('../../views/styles/', import.meta.url);
const STATISTICS_STYLE = '9-statistics.css';
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const FONTS = ['latin', 'vietnamese'].flatMap((subset) =>
  [400, 600, 700].map((weight) => `be-vietnam-pro-${subset}-${weight}-normal.woff2`),
);

type Encoding = 'br' | 'gzip';
type Asset = {
  readonly type: string;
  readonly plain: Buffer;
  /** Undefined where nothing would be gained. */
  readonly encoded?: (as: Encoding) => Promise<Buffer>;
};

export type Assets = {
  readonly hrefs: AssetHrefs;
  /** `/assets/<name>.<hash>.<ext>` of a file of views/assets. Throws for one that is not there. */
  readonly hrefOf: (file: string) => string;
  /** By path. */
  readonly files: ReadonlyMap<string, Asset>;
};

/** Reads the few small files once, at start, and names each by its content, so that browsers may keep it for ever. */
export function loadAssets(): Assets {
  const hrefs = new Map<string, string>();
  const files = new Map<string, Asset>();
  const add = (file: string, content: Buffer): void => {
    const extension = extname(file);
    const type = TYPES[extension];
    if (type === undefined) throw new Error(`views/assets/${file}: a type of file that is not served.`);
    const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12);
    const href = `/assets/${file.slice(0, -extension.length)}.${hash}${extension}`;
    hrefs.set(file, href);
    files.set(href, { type, plain: content, ...(extension === '.woff2' ? {} : { encoded: encoder(content) }) });
  };
  const hrefOf = (file: string): string => {
    const href = hrefs.get(file);
    if (href === undefined) throw new Error(`There is no asset ${file}.`);
    return href;
  };

  for (const font of FONTS) add(font, readFont(font));
  for (const file of readdirSync(FOLDER)) add(file, readFileSync(new URL(file, FOLDER)));
  // The style sheet last: it names the others, and so its hash depends on theirs.
  const styles = readdirSync(STYLES).toSorted();
  const joined = (names: readonly string[]): Buffer => {
    const css = names.map((name) => readFileSync(new URL(name, STYLES), 'utf8')).join('');
    return Buffer.from(css.replace(/url\("([^":]+)"\)/g, (_, file: string) => `url("${hrefOf(file)}")`));
  };
  add('app.css', joined(styles.filter((name) => name !== STATISTICS_STYLE)));
  // A citizen on an old phone does not load how figures look.
  add('statistics.css', joined([STATISTICS_STYLE]));
  return { hrefOf, files, hrefs: pageHrefs(hrefOf) };
}

function pageHrefs(hrefOf: (file: string) => string): AssetHrefs {
  return {
    styles: hrefOf('app.css'),
    statisticsStyles: hrefOf('statistics.css'),
    script: hrefOf('comfort.js'),
    icon: hrefOf('icon.svg'),
    preloadedFonts: [
      hrefOf('be-vietnam-pro-latin-400-normal.woff2'),
      hrefOf('be-vietnam-pro-vietnamese-400-normal.woff2'),
    ],
  };
}

export function serveAssets({ assets }: { readonly assets: Assets }): PageMiddleware {
  return async (ctx, next) => {
    const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? assets.files.get(ctx.path) : undefined;
    if (!asset) {
      await next();
      return;
    }
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.type = asset.type;
    ctx.vary('Accept-Encoding');
    const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity');
    if (asset.encoded === undefined || (encoding !== 'br' && encoding !== 'gzip')) {
      ctx.body = asset.plain;
      return;
    }
    ctx.set('Content-Encoding', encoding);
    ctx.body = await asset.encoded(encoding);
  };
}

const ENCODERS: Readonly<Record<Encoding, (plain: Buffer) => Promise<Buffer>>> = {
  br: promisify<Buffer, Buffer>(brotliCompress),
  gzip: (plain) => promisify(gzip)(plain, { level: 9 }),
};

/** As small as can be, which takes a tenth of a second for all of them: each when it is first asked for, in a thread of its own. */
function encoder(plain: Buffer): NonNullable<Asset['encoded']> {
  const made = new Map<Encoding, Promise<Buffer>>();
  return (as) => {
    const making = made.get(as) ?? ENCODERS[as](plain);
    made.set(as, making);
    return making;
  };
}

function readFont(file: string): Buffer {
  const resolve = createRequire(import.meta.url).resolve;
  return readFileSync(resolve(`@fontsource/be-vietnam-pro/files/${file}`));
}
