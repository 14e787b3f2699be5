import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { card, cards } from '../components/card.ts';
import { codeBlock } from '../components/code-block.ts';
import { dataTable } from '../components/data-table.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { selectField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { link } from '../components/link.ts';
import { clientTable, type ReadyClientModel } from '../developers/client-table.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { inboxLink, literal, type PersonModel, statusTag, totpFacts, whoText } from './person-card.ts';
import { notSeeded } from './personas-page.ts';

export type SandboxModel = {
  readonly issuer: string;
  readonly personas: readonly PersonModel[];
  readonly clients: readonly ReadyClientModel[];
  /** Addresses of the demo relying parties; undefined when they are off. */
  readonly demos: { readonly ihanoi: string; readonly health: string; readonly judicial: string } | undefined;
  readonly form: PersonFormModel;
};

type PersonFormModel = {
  readonly wish: Readonly<Record<'level' | 'status' | 'age' | 'gender' | 'full_name', string>>;
  readonly statuses: readonly ('pending' | 'late' | 'activated' | 'locked')[];
  readonly problems: readonly { readonly field: string; readonly reason: 'not_offered' | 'too_young' }[];
};

/** Where a tester finds everything. */
export function sandboxPage(chrome: Chrome, model: SandboxModel): Html {
  const { t } = chrome;
  const errors = model.form.problems.map(({ field, reason }) => ({ field, text: t(`sandbox.problem_${reason}`) }));
  return layout(chrome, {
    title: t('sandbox.title'),
    errors,
    main: html`<h1>${t('sandbox.title')}</h1>
<p class="lead">${t('sandbox.lead')}</p>
<section id="personas"><h2>${t('sandbox.personas_title')}</h2>
<p>${t('sandbox.personas_text')}</p>
${model.personas.length === 0 ? notSeeded(chrome) : personaTable(chrome, model.personas)}
<p>${link('/sandbox/personas', t('sandbox.personas_all'))}</p></section>
${totpSection(chrome, model.personas)}
${silentSignIn(chrome, model.issuer)}
<section id="clients"><h2>${t('sandbox.clients_title')}</h2>
<p>${t('sandbox.clients_text')}</p>${clientTable(chrome, model.clients)}
<p>${link('/developers', t('sandbox.developers_more'))}</p></section>
${demoSection(chrome, model.demos)}
<section id="inbox">${cards([
      card({ title: t('sandbox.inbox_section'), body: inboxForm(chrome) }),
      card({ title: t('sandbox.people_title'), body: personForm(chrome, model.form, errors) }),
    ])}
<p>${t('sandbox.people_json')}</p>
${codeBlock(
  `curl -s ${model.issuer}/sandbox/people \\
  -H 'Content-Type: application/json' \\
  -d '{"level": 2, "status": "pending", "age": 30}'`,
  t('sandbox.people_json'),
)}</section>
<section id="start-over"><h2>${t('sandbox.reset_title')}</h2><p>${t('sandbox.reset_text')}</p>
${codeBlock('npm run reset\nnpm start', t('sandbox.reset_title'))}</section>`,
  });
}

function personaTable(chrome: Chrome, personas: readonly PersonModel[]): Html {
  const { t } = chrome;
  return dataTable({
    caption: t('sandbox.personas_caption'),
    onPhone: 'stack',
    columns: [
      { text: t('sandbox.key') },
      { text: t('sandbox.who') },
      { text: t('sandbox.numbers') },
      { text: t('sandbox.secrets') },
      { text: t('sandbox.inbox_section') },
    ],
    rows: personas.map((person) => [
      html`<a href="/sandbox/personas#${person.key}">${literal(person.key)}</a>`,
      html`${whoText(chrome, person)} ${statusTag(chrome, person)}`,
      html`${literal(person.citizenId)}<br>${literal(person.phone)}`,
      html`${literal(person.secrets.password)}<br>${literal(person.secrets.passcode)}`,
      inboxLink(chrome, person),
    ]),
  });
}

function totpSection(chrome: Chrome, personas: readonly PersonModel[]): Html | false {
  const { t } = chrome;
  const enrolled = personas.filter((person) => person.totp !== undefined);
  if (enrolled.length === 0) return false;
  return html`<section id="totp"><h2>${t('sandbox.totp')}</h2><p>${t('sandbox.totp_text')}</p>
${enrolled.map((person) => person.totp !== undefined && html`<div>${literal(person.key)}: ${totpFacts(chrome, person.totp)}</div>`)}</section>`;
}

function silentSignIn({ t }: Chrome, issuer: string): Html {
  const request = `curl -s -o /dev/null -w '%{redirect_url}\\n' -G ${issuer}/authorize \\
  -d client_id=sandbox-web -d response_type=code --data-urlencode 'scope=openid profile' \\
  -d redirect_uri=http://localhost:8080/callback \\
  -d code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM \\
  -d code_challenge_method=S256 -d state=my-state \\
  -d login_hint=persona:l2-active`;
  return html`<section id="silent-sign-in"><h2>${t('sandbox.silent_title')}</h2><p>${t('sandbox.silent_text')}</p>
${codeBlock(request, t('sandbox.silent_title'))}<p>${t('sandbox.silent_verifier')} ${literal('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')}</p><p>${t('sandbox.silent_more')}</p></section>`;
}

function demoSection({ t }: Chrome, demos: SandboxModel['demos']): Html | false {
  if (demos === undefined) return false;
  return html`<section id="demos"><h2>${t('sandbox.demos_title')}</h2><p>${t('sandbox.demos_text')}</p>
<ul><li>${link(demos.ihanoi, t('sandbox.demo_ihanoi'))}</li><li>${link(demos.health, t('sandbox.demo_health'))}</li><li>${link(demos.judicial, t('sandbox.demo_judicial'))}</li></ul></section>`;
}

function inboxForm(chrome: Chrome): Html {
  const { t } = chrome;
  return html`<p>${t('sandbox.inbox_text')}</p>${form(chrome, { action: '/sandbox/inbox' }, [
    textField({ name: 'phone_number', label: t('sandbox.phone'), type: 'tel', inputMode: 'tel', width: 20 }),
    primaryButton(t('sandbox.inbox_show')),
  ])}`;
}

function personForm(chrome: Chrome, { wish, statuses }: PersonFormModel, errors: readonly FieldError[]): Html {
  const { t } = chrome;
  const field = (name: keyof typeof wish): { name: string; value: string; error: string | undefined } => ({
    name,
    value: wish[name],
    error: errorOf(errors, name),
  });
  return html`<p>${t('sandbox.people_text')}</p>${form(chrome, { action: '/sandbox/people' }, [
    selectField({
      ...field('level'),
      label: t('sandbox.wish_level'),
      options: [
        { value: '1', text: '1' },
        { value: '2', text: '2' },
      ],
    }),
    selectField({
      ...field('status'),
      label: t('sandbox.wish_status'),
      options: statuses.map((value) => ({ value, text: t(`sandbox.wish_${value}`) })),
    }),
    textField({ ...field('age'), label: t('sandbox.wish_age'), inputMode: 'numeric', width: 4 }),
    selectField({
      ...field('gender'),
      label: t('sandbox.wish_gender'),
      options: [
        { value: 'female', text: t('sandbox.female') },
        { value: 'male', text: t('sandbox.male') },
      ],
    }),
    textField({ ...field('full_name'), label: t('sandbox.wish_name'), hint: t('sandbox.wish_name_hint') }),
    primaryButton(t('sandbox.make_person')),
  ])}`;
}
