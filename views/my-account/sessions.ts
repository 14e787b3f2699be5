import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dangerButton } from '../components/buttons.ts';
import { card } from '../components/card.ts';
import { definitionList } from '../components/definition-list.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { radios } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { tag } from '../components/tag.ts';
import type { Html } from '../html.ts';
import { accountPage } from './account-page.ts';
import { passcodeField } from './passcode-field.ts';

export type SessionModel = {
  readonly uid: string;
  readonly deviceLabel?: string | undefined;
  readonly signedIn: string;
  readonly expires: string;
  readonly authLevel: 1 | 2 | 3 | 4;
  readonly services: readonly string[];
};

export type SessionsModel = {
  readonly current?: SessionModel | undefined;
  readonly others: readonly SessionModel[];
  readonly chosen?: string | undefined;
  readonly done?: string | undefined;
  readonly errors: readonly FieldError[];
};

export function sessionsPage(chrome: Chrome, model: SessionsModel): Html {
  const { t } = chrome;
  const { current, others, errors } = model;
  return accountPage(chrome, {
    section: 'sessions',
    title: t('my_account.nav_sessions'),
    done: model.done,
    errors,
    body: html`<p class="lead">${t('my_account.sessions_lead')}</p>
<p>${t('my_account.session_place_why')}</p>
${current !== undefined && currentSession(chrome, current)}
<section><h2>${t('my_account.sessions_others_title')}</h2>
${others.length === 0 ? html`<p class="empty">${t('my_account.sessions_none')}</p>` : endForm(chrome, model)}</section>`,
  });
}

function currentSession({ t }: Chrome, session: SessionModel): Html {
  return card({
    title: session.deviceLabel ?? t('my_account.session_unknown_device'),
    tag: tag(t('my_account.session_current'), 'success'),
    body: definitionList([
      { term: t('my_account.session_signed_in'), description: session.signedIn },
      {
        term: t('my_account.session_strength'),
        description: t(`my_account.session_auth_${session.authLevel}`),
      },
      { term: t('my_account.session_place'), description: t('my_account.session_place_unknown') },
      {
        term: t('my_account.session_services'),
        description: session.services.join(', ') || t('my_account.session_services_none'),
      },
      { term: t('my_account.session_expires'), description: session.expires },
    ]),
  });
}

function endForm(chrome: Chrome, { others, chosen, errors }: SessionsModel): Html {
  const { t } = chrome;
  const about = ({ signedIn, authLevel, services }: SessionModel): string =>
    t('my_account.session_about', {
      at: signedIn,
      strength: t(`my_account.session_auth_${authLevel}`),
      services: services.length === 0 ? '' : t('my_account.session_with', { services: services.join(', ') }),
    });
  return form(
    chrome,
    { action: '/account/sessions/end' },
    html`${radios({
      name: 'session',
      label: t('my_account.sessions_choose'),
      error: errorOf(errors, 'session'),
      chosen: chosen === undefined ? [] : [chosen],
      options: [
        ...others.map((session) => ({
          value: session.uid,
          text: session.deviceLabel ?? t('my_account.session_unknown_device'),
          hint: about(session),
        })),
        ...(others.length > 1
          ? [{ value: 'others', text: t('my_account.sessions_all', { count: others.length }) }]
          : []),
      ],
    })}
${passcodeField(chrome, errors)}
<div class="actions">${dangerButton(t('my_account.sessions_end'))}</div>`,
  );
}
