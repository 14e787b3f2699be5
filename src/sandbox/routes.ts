import type { ReadyClientModel } from '../../views/developers/client-table.ts';
import { inboxPage } from '../../views/sandbox/inbox-page.ts';
import { madePersonPage, personasPage } from '../../views/sandbox/personas-page.ts';
import { sandboxPage } from '../../views/sandbox/sandbox-page.ts';
import { Refusal } from '../domain/refusal.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { type DescribeDeps, describePerson, describePersonas } from './describe-person.ts';
import { MADE_STATUSES, makePerson, type PersonWish } from './make-person.ts';
import { messageJson, personJson } from './person-json.ts';
import { type ReadInboxDeps, type ReadMessage, readInbox } from './read-inbox.ts';
import type { SeedDeps } from './seed-personas.ts';

export type SandboxDeps = DescribeDeps &
  ReadInboxDeps &
  SeedDeps & {
    readyClients: readonly ReadyClientModel[];
    config: { isDemo: boolean; demoIhanoiPort: number; demoHealthPort: number; demoJudicialPort: number };
  };

const WISH_FIELDS = ['level', 'status', 'age', 'gender', 'full_name'] as const;
const FIRST_WISH: PersonWish = { level: '2', status: 'pending', age: '30', gender: 'female', full_name: '' };

type Handlers = 'showSandbox' | 'showPersonas' | 'showInbox' | 'openInbox' | 'makePerson' | 'showMadePerson';

/** Everything a tester needs. Mounted in the sandbox alone: these pages hand out secrets. */
export function sandboxRoutes(deps: SandboxDeps): Record<Handlers, PageHandler> {
  const { issuer } = deps.config;

  const showSandbox = async (
    ctx: PageContext,
    form: { wish: PersonWish; problems: { field: string; reason: 'not_offered' | 'too_young' }[] },
  ): Promise<void> => {
    const page = sandboxPage(ctx.state.chrome, {
      issuer,
      personas: await describePersonas(deps),
      clients: deps.readyClients,
      demos: demosOf(deps.config),
      form: { ...form, statuses: MADE_STATUSES },
    });
    await render(ctx, page, form.problems.length === 0 ? 200 : 422);
  };

  const showMessages = async (
    ctx: PageContext,
    inbox: { title: string; messages: ReadMessage[]; key?: string },
  ): Promise<void> => {
    if (wantsJson(ctx)) answerJson(ctx, { persona: inbox.key, messages: inbox.messages.map(messageJson) });
    else await render(ctx, inboxPage(ctx.state.chrome, inbox));
  };

  const answerPerson = async (ctx: PageContext, accountId: string): Promise<void> => {
    const person = await describePerson(deps, accountId);
    if (person === undefined) throw new Refusal('unexpected');
    answerJson(ctx, personJson(issuer, person));
    ctx.status = 201;
    ctx.set('Location', `/sandbox/people/${accountId}`);
  };

  return {
    showSandbox: (ctx) => showSandbox(ctx, { wish: FIRST_WISH, problems: [] }),

    showPersonas: async (ctx) => {
      const personas = await describePersonas(deps);
      if (wantsJson(ctx)) answerJson(ctx, { personas: personas.map((one) => personJson(issuer, one)) });
      else await render(ctx, personasPage(ctx.state.chrome, { issuer, personas }));
    },

    showInbox: async (ctx) => {
      const key = ctx.query['persona'];
      if (key === undefined && wantsJson(ctx)) throw new Refusal('invalid_field', { field: 'persona' });
      if (key === undefined) return ctx.redirect('/sandbox#inbox');
      const person = typeof key === 'string' ? await describePerson(deps, key) : undefined;
      if (person === undefined) throw new Refusal('not_found');
      const messages = (await readInbox(deps, person.phone)) ?? [];
      return showMessages(ctx, { title: person.fullName, messages, key: person.key });
    },

    /** A number of anybody, in the body of a POST: it must not stand in an address. */
    openInbox: async (ctx) => {
      const { phone_number: phone } = readForm(ctx, ['phone_number']);
      const messages = await readInbox(deps, phone);
      if (messages === undefined) throw new Refusal('invalid_field', { field: 'phone_number' });
      return showMessages(ctx, { title: phone, messages });
    },

    makePerson: async (ctx) => {
      const isJson = Boolean(ctx.is('json'));
      const wish = isJson ? wishOfJson(ctx.request.body) : readForm(ctx, WISH_FIELDS);
      const made = await makePerson(deps, wish);
      if (made.kind === 'made')
        return isJson || wantsJson(ctx) ? answerPerson(ctx, made.accountId) : seePerson(ctx, made);
      if (!isJson) return showSandbox(ctx, { wish, problems: made.problems });
      const field = made.problems[0]?.field;
      throw new Refusal('invalid_field', field === undefined ? {} : { field });
    },

    showMadePerson: async (ctx) => {
      const { id } = (ctx as unknown as { params: { id: string } }).params;
      const person = await describePerson(deps, id.replace(/\.json$/, ''));
      if (person === undefined) throw new Refusal('not_found');
      if (wantsJson(ctx)) answerJson(ctx, personJson(issuer, person));
      else await render(ctx, madePersonPage(ctx.state.chrome, { issuer, person }));
    },
  };
}

function seePerson(ctx: PageContext, { accountId }: { accountId: string }): void {
  ctx.status = 303;
  ctx.set('Location', `/sandbox/people/${accountId}`);
}

function wishOfJson(body: unknown): PersonWish {
  const given: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const text = (field: string): string => {
    const value = given[field] ?? '';
    return typeof value === 'string' || typeof value === 'number' ? String(value) : 'neither text nor number';
  };
  return Object.fromEntries(WISH_FIELDS.map((field) => [field, text(field)])) as PersonWish;
}

function demosOf({ isDemo, demoIhanoiPort, demoHealthPort, demoJudicialPort }: SandboxDeps['config']):
  | {
      ihanoi: string;
      health: string;
      judicial: string;
    }
  | undefined {
  const at = (port: number): string => `http://localhost:${port}`;
  return isDemo
    ? { ihanoi: at(demoIhanoiPort), health: at(demoHealthPort), judicial: at(demoJudicialPort) }
    : undefined;
}

function answerJson(ctx: PageContext, body: unknown): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Accept');
  ctx.type = 'application/json';
  ctx.body = JSON.stringify(body, undefined, 2);
}

function wantsJson(ctx: PageContext): boolean {
  return ctx.path.endsWith('.json') || ctx.accepts('html', 'json') === 'json';
}
