import { html } from 'hono/html';
import type { TextKey } from '../../src/i18n/translator.ts';
import { linkButton } from '../components/buttons.ts';
import { definitionList } from '../components/definition-list.ts';
import { details } from '../components/details.ts';
import type { Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';

type CodeOfText<Key> = Key extends `demo.failure_${infer Code}_next` ? Code : never;

/** An error code with its meaning and its remedy in the texts. */
export type FailureCode = CodeOfText<TextKey>;

export type FailureModel = {
  readonly code: FailureCode;
  readonly original: string;
  readonly description?: string | undefined;
  readonly isFromProvider: boolean;
  /** Where trying again begins. */
  readonly retryHref: string;
  /** Another way to what the person wanted. */
  readonly otherWay?: { readonly text: string; readonly href: string } | undefined;
};

/** What the provider refused: for the person first, for the integrator below. */
export function failurePage(chrome: DemoChrome, model: FailureModel): Html {
  const { t, signedIn } = chrome;
  const { code, original, description, isFromProvider, retryHref, otherWay } = model;
  const title = t(signedIn === undefined ? 'demo.failure_title' : 'demo.failure_action_title');
  return demoLayout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t(`demo.failure_${code}`)}</p>
<section><h2>${t('demo.failure_next')}</h2>
<p>${t(`demo.failure_${code}_next`)}</p>
<div class="actions">${linkButton(t('common.try_again'), retryHref, 'primary')}${
      otherWay && linkButton(otherWay.text, otherWay.href)
    }</div></section>
${details(
  t('demo.failure_details'),
  definitionList([
    { term: t('demo.failure_code'), description: html`<code>${original}</code>` },
    ...(description === undefined
      ? []
      : [{ term: t('demo.failure_description'), description: html`<span lang="en">${description}</span>` }]),
    { term: t('demo.failure_source'), description: t(`demo.failure_from_${isFromProvider ? 'provider' : 'us'}`) },
  ]),
  { isOpen: true },
)}
<p><a href="/">${t('demo.failure_home')}</a></p>`,
  });
}
