import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { card } from '../components/card.ts';
import { codeBlock } from '../components/code-block.ts';
import { link } from '../components/link.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { literal, type PersonModel, personFacts, statusTag, whoText } from './person-card.ts';

export function personasPage(
  chrome: Chrome,
  { issuer, personas }: { readonly issuer: string; readonly personas: readonly PersonModel[] },
): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('sandbox.personas_title'),
    main: html`<p>${link('/sandbox', t('sandbox.back'))}</p>
<h1>${t('sandbox.personas_title')}</h1>
<p class="lead">${t('sandbox.personas_lead')}</p>
${personas.length === 0 && notSeeded(chrome)}
<section><h2>${t('sandbox.as_json')}</h2>${codeBlock(`curl -s ${issuer}/sandbox/personas.json`, t('sandbox.as_json'))}</section>
${personas.map(
  (person) => html`<section id="${person.key}" aria-labelledby="${person.key}-title">
<h2 id="${person.key}-title">${literal(person.key)} <span lang="vi">${person.fullName}</span> ${statusTag(chrome, person)}</h2>
<p>${whoText(chrome, person)}</p>
${personFacts(chrome, person)}</section>`,
)}`,
  });
}

export function madePersonPage(
  chrome: Chrome,
  { issuer, person }: { readonly issuer: string; readonly person: PersonModel },
): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: person.fullName,
    main: html`<p>${link('/sandbox', t('sandbox.back'))}</p>
<h1><span lang="vi">${person.fullName}</span></h1>
<p class="lead">${whoText(chrome, person)} ${statusTag(chrome, person)}</p>
${card({ title: t('sandbox.made_facts'), body: personFacts(chrome, person) })}
<section><h2>${t('sandbox.as_json')}</h2>${codeBlock(`curl -s ${issuer}/sandbox/people/${person.key}.json`, t('sandbox.as_json'))}</section>`,
  });
}

export function notSeeded({ t }: Chrome): Html {
  return notice('warning', html`<p>${t('sandbox.not_seeded')} ${literal('npx dinhdanh seed')}</p>`);
}
