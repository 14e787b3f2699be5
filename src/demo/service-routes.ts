import { randomInt } from 'node:crypto';
import { notice } from '../../views/components/notice.ts';
import { applicationForm, formSentPage } from '../../views/demo/application-form.ts';
import { cityPortalPage, stepUpPage } from '../../views/demo/city-portal.ts';
import { type HealthEntry, healthBookPage } from '../../views/demo/health-book.ts';
import { judicialRecordPage } from '../../views/demo/judicial-record.ts';
import { startPage } from '../../views/demo/start.ts';
import { calendarDateText, instantText } from '../i18n/dates.ts';
import type { Locale, TextKey } from '../i18n/translator.ts';
import {
  type FieldDefinition,
  type FilledField,
  fillForm,
  JUDICIAL_FORM,
  judgeForm,
  RESIDENCE_FORM,
} from './application-form.ts';
import { cookieNames, type DemoContext, formField, render, sessionOf } from './demo-page.ts';
import type { DemoSession, DemoSessions } from './demo-sessions.ts';
import { type ProviderClient, requestOf } from './provider-client.ts';
import { claimsOf, type Json, textClaim } from './received.ts';
import type { DemoService, ServiceId } from './service-definitions.ts';
import { goTo } from './sign-in-routes.ts';

export type ServiceDeps = {
  readonly service: DemoService;
  readonly provider: ProviderClient;
  readonly sessions: DemoSessions;
  /** Of the health book: where its entries are read. */
  readonly dataUrl: URL;
};

const START_TEXTS = {
  ihanoi: { data: 'demo.ihanoi_asked_sign_in', button: 'demo.sign_in' },
  'so-suc-khoe': { data: 'demo.so-suc-khoe_asked_visit', button: 'demo.so-suc-khoe_open' },
  'ly-lich-tu-phap': { data: 'demo.ly-lich-tu-phap_asked_record', button: 'demo.judicial_start' },
} as const satisfies Record<ServiceId, Record<string, TextKey>>;

const FORMS: Readonly<Partial<Record<ServiceId, readonly FieldDefinition[]>>> = {
  ihanoi: RESIDENCE_FORM,
  'ly-lich-tu-phap': JUDICIAL_FORM,
};

/** What each service is for. */
export function serviceRoutes(deps: ServiceDeps) {
  const { service, provider, sessions, dataUrl } = deps;
  const form = FORMS[service.id] ?? [];

  return {
    hasForm: form.length > 0,

    showHome: async (ctx: DemoContext): Promise<void> => {
      const { session, chrome } = ctx.state;
      if (session === undefined) return showStart(ctx);
      const claims = claimsOf(session.received);
      switch (service.id) {
        case 'ihanoi':
          return render(ctx, cityPortalPage(chrome, { hasResidence: claims['address'] !== undefined }));
        case 'so-suc-khoe':
          return render(ctx, healthBookPage(chrome, healthBookModel(session, ctx.state.locale)));
        case 'ly-lich-tu-phap':
          return render(ctx, judicialRecordPage(chrome, { signedInAt: signedInAt(ctx, session) }));
      }
    },

    /** The city portal asks for more only now, when a form needs it. */
    showForm: async (ctx: DemoContext): Promise<void> => {
      const { session, chrome } = ctx.state;
      if (session === undefined) return goTo(ctx, `/sign-in?for=${service.firstRequest}`);
      const isByHand = ctx.query['by'] === 'hand';
      if (service.id === 'ihanoi' && session.received.requestName !== 'residence' && !isByHand)
        return render(ctx, stepUpPage(chrome));
      const { locale } = ctx.state;
      return showFields(ctx, fillForm(form, claimsOf(session.received), locale, chrome.t), []);
    },

    takeForm: async (ctx: DemoContext): Promise<void> => {
      const { locale, chrome } = ctx.state;
      const filled = fillForm(form, claimsOf(sessionOf(ctx).received), locale, chrome.t);
      const sent = judgeForm(filled, (name) => formField(ctx, name));
      if (sent.kind === 'incomplete') return showFields(ctx, sent.fields, sent.wrong);
      return render(ctx, formSentPage(chrome, { reference: newReference(), fields: sent.fields }));
    },

    readAgain: async (ctx: DemoContext): Promise<void> => {
      const session = sessionOf(ctx);
      sessions.change(session.id, { resource: await provider.readResource(session.received, dataUrl) });
      goTo(ctx, '/');
    },
  };

  async function showStart(ctx: DemoContext): Promise<void> {
    const { chrome } = ctx.state;
    const { acr, leastAccountLevel } = requestOf(service, service.firstRequest);
    const texts = START_TEXTS[service.id];
    const asked = { data: chrome.t(texts.data), strength: acr.level, accountLevel: leastAccountLevel };
    const endedBy = sessions.whyEnded(ctx.cookies.get(cookieNames(service).session) ?? '');
    await render(ctx, startPage(chrome, { asked, signInText: chrome.t(texts.button), endedBy }));
  }

  async function showFields(
    ctx: DemoContext,
    fields: readonly FilledField[],
    wrong: readonly FilledField[],
  ): Promise<void> {
    const { chrome, session } = ctx.state;
    const { t } = chrome;
    const errors = wrong.map(({ name, label, options }) => {
      const text = options === undefined ? 'demo.form_missing' : 'demo.form_choice_invalid';
      return { field: name, text: t(text, { field: t(label) }) };
    });
    const prefilled = fields.filter((field) => field.isPrefilled).length;
    const counts = { prefilled, typed: fields.length - prefilled, total: fields.length };
    const isPortal = service.id === 'ihanoi';
    const page = applicationForm(chrome, {
      title: t(isPortal ? 'demo.ihanoi_form_card' : 'demo.ly-lich-tu-phap_title'),
      lead: t('demo.judicial_counts', counts),
      before: isPortal && session !== undefined && residenceNotice(ctx, session),
      fields,
      errors,
    });
    await render(ctx, page, wrong.length > 0 ? 422 : 200);
  }
}

/** Why the portal's form is not prefilled, if it is not: never a reproach. */
function residenceNotice(ctx: DemoContext, { received }: DemoSession) {
  const { t } = ctx.state.chrome;
  const claims = claimsOf(received);
  if (claims['address'] !== undefined) return false;
  if (received.requestName !== 'residence') return notice('info', t('demo.manual_text'));
  const level = claims['account_level'];
  const what = level === 1 ? 'level_too_low' : 'residence_withheld';
  return notice('warning', t(`demo.${what}_text`), t(`demo.${what}_title`));
}

function signedInAt(ctx: DemoContext, { received }: DemoSession): string {
  const seconds = received.idTokenClaims['auth_time'];
  return typeof seconds === 'number' ? instantText(ctx.state.locale, new Date(seconds * 1000)) : '—';
}

function healthBookModel({ received }: DemoSession, locale: Locale) {
  const { resource } = received;
  const name = textClaim(claimsOf(received), 'name') ?? '…';
  if (resource?.kind === 'failed') return { name, entries: [], refused: resource.failure.original };
  return { name, entries: resource === undefined ? [] : entriesOf(resource.body, locale) };
}

function entriesOf(body: Json, locale: Locale): HealthEntry[] {
  const entries = Array.isArray(body['entries']) ? (body['entries'] as Json[]) : [];
  return entries.map(({ on, what, where }) => ({
    on: calendarDateText(locale, String(on)),
    what: `demo.health_record_${what as 1 | 2 | 3}`,
    where: `demo.health_clinic_${where as 1 | 2}`,
  }));
}

/** Read out over the telephone, kept nowhere. */
function newReference(): string {
  return `M-${String(randomInt(0, 1_000_000)).padStart(6, '0')}`;
}
