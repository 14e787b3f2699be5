import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AssetHrefs } from '../../views/chrome.ts';
import type { DemoMiddleware } from './demo-page.ts';
import type { ServiceId } from './service-definitions.ts';

const VIEWS = new URL('../../views/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const FONTS = ['latin', 'vietnamese'].flatMap((subset) =>
  [400, 600, 700].map((weight) => `be-vietnam-pro-${subset}-${weight}-normal.woff2`),
);

type Asset = { readonly type: string; readonly plain: Buffer; readonly gzip?: Buffer };

export type DemoAssets = { readonly hrefs: AssetHrefs; readonly files: ReadonlyMap<string, Asset> };

/** The pages' own files, read once and named by their content. The provider serves its own copy: an outsider shares no server with it. */
export function loadDemoAssets(id: ServiceId): DemoAssets {
  const files = new Map<string, Asset>();
  const hrefs = new Map<string, string>();
  const add = (name: string, plain: Buffer): string => {
    const extension = extname(name);
    const type = TYPES[extension] ?? 'application/octet-stream';
    const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 12);
    const href = `/assets/${name.slice(0, -extension.length)}.${hash}${extension}`;
    files.set(href, extension === '.woff2' ? { type, plain } : { type, plain, gzip: gzipSync(plain) });
    hrefs.set(name, href);
    return href;
  };

  const { resolve } = createRequire(import.meta.url);
  for (const font of FONTS) add(font, readFileSync(resolve(`@fontsource/be-vietnam-pro/files/${font}`)));
  const icon = add('icon.svg', readFileSync(new URL(`demo/assets/${id}.svg`, VIEWS)));
  const script = add('comfort.js', readFileSync(new URL('assets/comfort.js', VIEWS)));
  const styles = add('demo.css', Buffer.from(styleSheet((file) => hrefs.get(file) ?? '')));
  const preloadedFonts = ['latin', 'vietnamese'].map(
    (subset) => hrefs.get(`be-vietnam-pro-${subset}-400-normal.woff2`) ?? '',
  );
  return { files, hrefs: { styles, script, icon, preloadedFonts } };
}

/** The components look as they do at the provider; the demo's own sheet, last, gives each service its colour and frame. */
function styleSheet(hrefOf: (file: string) => string): string {
  const shared = readdirSync(new URL('styles/', VIEWS))
    .toSorted()
    .map((file) => readFileSync(new URL(`styles/${file}`, VIEWS), 'utf8'));
  const own = readFileSync(new URL('demo/assets/demo.css', VIEWS), 'utf8');
  return [...shared, own].join('').replace(/url\("([^":]+)"\)/g, (_, file: string) => `url("${hrefOf(file)}")`);
}

export function serveDemoAssets({ files }: DemoAssets): DemoMiddleware {
  return async (ctx, next) => {
    const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? files.get(ctx.path) : undefined;
    if (asset === undefined) {
      await next();
      return;
    }
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.vary('Accept-Encoding');
    ctx.type = asset.type;
    const isZipped = asset.gzip !== undefined && ctx.acceptsEncodings('gzip') === 'gzip';
    if (isZipped) ctx.set('Content-Encoding', 'gzip');
    ctx.body = isZipped ? asset.gzip : asset.plain;
  };
}
