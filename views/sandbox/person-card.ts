import { html } from 'hono/html';
import { calendarDateText, instantText } from '../../src/i18n/dates.ts';
import type { Chrome } from '../chrome.ts';
import { details } from '../components/details.ts';
import { link } from '../components/link.ts';
import { type SummaryRow, summaryList } from '../components/summary-list.ts';
import { type TagKind, tag } from '../components/tag.ts';
import type { Html } from '../html.ts';

export type GrantModel = {
  readonly accountLevel: 1 | 2;
  readonly status: 'granted' | 'pending_activation' | 'late_activation' | 'activated';
  readonly dueAt?: Date;
};

/** A fictional person with everything a tester types. */
export type PersonModel = {
  readonly key: string;
  readonly personaKey?: keyof typeof PERSONA_TEXTS;
  readonly citizenId: string;
  readonly phone: string;
  readonly fullName: string;
  readonly birthOn: string;
  readonly cardIssuedOn: string;
  readonly status: 'provisional' | 'active' | 'locked' | 'closed';
  readonly grants: readonly GrantModel[];
  readonly secretsState: 'given' | 'to_choose' | 'changed';
  readonly secrets: {
    readonly password: string;
    readonly passcode: string;
    readonly question1: string;
    readonly answer1: string;
    readonly question2: string;
    readonly answer2: string;
  };
  readonly totp?: {
    readonly secret: string;
    readonly current: string;
    readonly next: string;
    readonly secondsLeft: number;
  };
  readonly guardianKey?: string;
};

export const PERSONA_TEXTS = {
  'l2-active': 'sandbox.persona_l2_active',
  'l1-active': 'sandbox.persona_l1_active',
  'l1-active-l2-pending': 'sandbox.persona_l1_active_l2_pending',
  pending: 'sandbox.persona_pending',
  late: 'sandbox.persona_late',
  locked: 'sandbox.persona_locked',
  deceased: 'sandbox.persona_deceased',
  child: 'sandbox.persona_child',
  teen: 'sandbox.persona_teen',
  foreigner: 'sandbox.persona_foreigner',
  elder: 'sandbox.persona_elder',
} as const;

const STATUS_TAGS: Readonly<Record<PersonModel['status'], TagKind>> = {
  provisional: 'neutral',
  active: 'success',
  locked: 'danger',
  closed: 'danger',
};

export function statusTag({ t }: Chrome, person: PersonModel): Html {
  return tag(t(`sandbox.status_${person.status}`), STATUS_TAGS[person.status]);
}

/** Who this is for a test: the persona's purpose, or what she was made as. */
export function whoText({ t }: Chrome, person: PersonModel): string {
  return person.personaKey === undefined ? t('sandbox.made_person') : t(PERSONA_TEXTS[person.personaKey]);
}

/** To be copied: a screen reader spells it, a browser does not translate it. */
export function literal(text: string): Html {
  return html`<code translate="no">${text}</code>`;
}

export function inboxLink({ t }: Chrome, person: PersonModel): Html {
  return html`<a href="/sandbox/inbox?persona=${person.key}">${t('sandbox.inbox_open')}<span class="visually-hidden"> ${person.fullName}</span></a>`;
}

/** Everything about one person. */
export function personFacts(chrome: Chrome, person: PersonModel): Html {
  const { t, locale } = chrome;
  const { secrets, totp, guardianKey } = person;
  const rows: SummaryRow[] = [
    { label: t('sandbox.login_hint'), value: literal(`persona:${person.key}`) },
    { label: t('sandbox.citizen_id'), value: literal(person.citizenId) },
    { label: t('sandbox.phone'), value: html`${literal(person.phone)} · ${inboxLink(chrome, person)}` },
    { label: t('sandbox.born'), value: calendarDateText(locale, person.birthOn) },
    { label: t('sandbox.card_issued'), value: calendarDateText(locale, person.cardIssuedOn) },
    { label: t('sandbox.levels'), value: grantList(chrome, person.grants) },
    ...(guardianKey === undefined
      ? []
      : [{ label: t('sandbox.guardian'), value: link(`/sandbox/personas#${guardianKey}`, literal(guardianKey)) }]),
    { label: t('sandbox.password'), value: literal(secrets.password) },
    { label: t('sandbox.passcode'), value: literal(secrets.passcode) },
    {
      label: t('sandbox.question_1'),
      value: html`${literal(secrets.question1)}: <span lang="vi">${secrets.answer1}</span>`,
    },
    {
      label: t('sandbox.question_2'),
      value: html`${literal(secrets.question2)}: <span lang="vi">${secrets.answer2}</span>`,
    },
    ...(totp === undefined ? [] : [{ label: t('sandbox.totp'), value: totpFacts(chrome, totp) }]),
  ];
  return html`${person.secretsState !== 'given' && html`<p class="hint">${t(`sandbox.secrets_${person.secretsState}`)}</p>`}${summaryList(rows)}`;
}

export function totpFacts({ t }: Chrome, totp: NonNullable<PersonModel['totp']>): Html {
  return html`<strong>${literal(totp.current)}</strong> ${t('sandbox.totp_for', { seconds: totp.secondsLeft })}, ${t('sandbox.totp_next')} ${literal(totp.next)}
${details(t('sandbox.totp_key'), html`<p>${literal(totp.secret)}</p>`)}`;
}

function grantList(chrome: Chrome, grants: readonly GrantModel[]): Html {
  return html`${grants.map((grant, index) => html`${index > 0 && html`<br>`}${grantText(chrome, grant)}`)}`;
}

function grantText({ t, locale }: Chrome, { accountLevel, status, dueAt }: GrantModel): string {
  const values = { level: accountLevel, due: dueAt === undefined ? '' : instantText(locale, dueAt) };
  return t(`sandbox.grant_${status}`, values);
}
