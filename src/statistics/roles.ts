import { Refusal } from '../domain/refusal.ts';
import type { PageContext } from '../web/page-context.ts';
import type { Viewer } from './figures/activation-rates.ts';

/** Who reads statistics: `steering` every aggregate, `unit` the public figures and everything of its own unit, `public` what is published. */
export type Role = 'steering' | 'unit' | 'public';

/** What may be read, and by whom. `published`: figures with small cells suppressed. `what_was_known`: answers as of an earlier knowledge, which, subtracted from
 *  today's, are corrections of a few people. `rebuilt`, `own_rebuilt`: figures drawn over another geography, which, beside the tables of both, would tell more than
 *  they do; a unit reads its own. */
const READERS = {
  published: ['steering', 'unit', 'public'],
  what_was_known: ['steering'],
  rebuilt: ['steering'],
  own_rebuilt: ['steering', 'unit'],
} as const satisfies Record<string, readonly Role[]>;
export type Topic = keyof typeof READERS;

function roleOf({ kind }: Viewer): Role {
  return kind === 'full' ? 'steering' : kind;
}

/** @throws Refusal forbidden where the reader's role does not open the topic. */
export function mustMayRead(viewer: Viewer, topic: Topic): void {
  const roles: readonly Role[] = READERS[topic];
  if (!roles.includes(roleOf(viewer))) throw new Refusal('forbidden');
}

export type Access = { readonly viewer: Viewer; readonly isByCookie: boolean };

/** One way by which a reader shows who she is: a token, a token's cookie, later an officer's session. Undefined where the request says nothing of the kind.
 *  @throws Refusal where it says something that opens nothing. */
export type ViewerSource = (ctx: PageContext, now: Date) => Promise<Access | undefined>;

/** Who has no role. */
export const PUBLIC: Access = { viewer: { kind: 'public' }, isByCookie: false };

/** Who reads, as it was found once for each request (`open-view.ts`), and the parameters of the address. */
type Admitted = { readonly access: Access; readonly asks: readonly string[] };
const admitted = new WeakMap<object, Admitted>();

export function admit(ctx: PageContext, reader: Admitted): void {
  admitted.set(ctx, reader);
}

export function accessOf(ctx: PageContext): Access {
  return admittedTo(ctx).access;
}

/** A parameter that is not in the table of addresses would give everybody the answer to somebody else's question. */
export function mustBeAsked(ctx: PageContext, parameter: string): void {
  if (!admittedTo(ctx).asks.includes(parameter))
    throw new Error(`${parameter} is not in the table of addresses (open-addresses.ts).`);
}

function admittedTo(ctx: PageContext): Admitted {
  const reader = admitted.get(ctx);
  if (reader === undefined) throw new Error('An address of statistics without its open view.');
  return reader;
}

/** The first source that knows the reader tells who she is; nobody known is the public. */
export async function readViewer(ctx: PageContext, sources: readonly ViewerSource[], now: Date): Promise<Access> {
  for (const source of sources) {
    const access = await source(ctx, now);
    if (access !== undefined) return access;
  }
  return PUBLIC;
}
