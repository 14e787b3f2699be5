import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import { card } from '../components/card.ts';
import { definitionList } from '../components/definition-list.ts';
import { notice } from '../components/notice.ts';
import { type TagKind, tag } from '../components/tag.ts';
import type { Content, Html } from '../html.ts';
import { accountPage } from './account-page.ts';

/** Every date is ready to print. */
export type OverviewLevelModel = {
  readonly level: 1 | 2;
  readonly state: 'granted' | 'pending' | 'late' | 'activated';
  readonly grantedOn: string;
  readonly grantedBy?: string | undefined;
  readonly notifiedOn?: string | undefined;
  readonly firstDueOn?: string | undefined;
  /** Only when the window was opened again. */
  readonly dueAgainOn?: string | undefined;
  /** One line an activation. */
  readonly activations: readonly string[];
};

export type OverviewModel = {
  readonly fullName: string;
  readonly maskedCitizenId: string;
  readonly maskedPhone?: string | undefined;
  readonly status: 'active' | 'provisional' | 'locked' | 'closed';
  readonly accountLevel: 0 | 1 | 2;
  readonly firstLogin?: string | undefined;
  readonly levels: readonly OverviewLevelModel[];
  readonly wardNames: readonly string[];
};

const STATE_TAGS: Readonly<Record<OverviewLevelModel['state'], TagKind>> = {
  granted: 'neutral',
  pending: 'info',
  late: 'warning',
  activated: 'success',
};

export function overviewPage(chrome: Chrome, model: OverviewModel): Html {
  const { t } = chrome;
  const { fullName, status, accountLevel, levels, wardNames } = model;
  const level = accountLevel === 0 ? t('my_account.level_0') : t('my_account.level_value', { level: accountLevel });
  return accountPage(chrome, {
    section: 'overview',
    title: t('my_account.title'),
    body: html`${definitionList([
      { term: t('my_account.name'), description: html`<span lang="vi">${fullName}</span>` },
      { term: t('my_account.citizen_id'), description: model.maskedCitizenId },
      { term: t('my_account.phone'), description: model.maskedPhone ?? t('my_account.phone_none') },
      {
        term: t('my_account.status'),
        description: tag(t(`my_account.status_${status}`), status === 'active' ? 'success' : 'warning'),
      },
      { term: t('my_account.level'), description: level },
      { term: t('my_account.first_login'), description: model.firstLogin ?? t('my_account.first_login_none') },
    ])}
<section><h2>${t('my_account.levels_title')}</h2>
${levels.length === 0 && html`<p class="empty">${t('my_account.levels_none')}</p>`}
${levels.map((one) => levelCard(chrome, one))}</section>
${wardNames.length > 0 && wards(chrome, wardNames)}`,
  });
}

function levelCard({ t }: Chrome, model: OverviewLevelModel): Html {
  const { level, state } = model;
  return card({
    title: t('my_account.level_value', { level }),
    headingLevel: 3,
    tag: tag(t(`my_account.grant_${state}`), STATE_TAGS[state]),
    body: html`${definitionList(facts(t, model))}
${state === 'late' && notice('warning', t('my_account.late_help'))}
${state === 'pending' && html`<p>${linkButton(t('my_account.activate_now', { level }), '/activate', 'primary')}</p>`}`,
  });
}

function facts(t: Chrome['t'], model: OverviewLevelModel): { term: string; description: Content }[] {
  const { grantedOn, grantedBy, notifiedOn, firstDueOn, dueAgainOn, activations } = model;
  const granted =
    grantedBy === undefined ? grantedOn : t('my_account.grant_granted_by', { day: grantedOn, unit: grantedBy });
  const due = (day: string): string => t('my_account.grant_due_value', { day });
  return [
    { term: t('my_account.grant_granted_at'), description: granted },
    ...(notifiedOn === undefined ? [] : [{ term: t('my_account.grant_notified_at'), description: notifiedOn }]),
    ...(firstDueOn === undefined ? [] : [{ term: t('my_account.grant_due'), description: due(firstDueOn) }]),
    ...(dueAgainOn === undefined ? [] : [{ term: t('my_account.grant_due_again'), description: due(dueAgainOn) }]),
    {
      term: t('my_account.grant_activations'),
      description:
        activations.length === 0
          ? t('my_account.grant_never_activated')
          : activations.map((line) => html`<span class="line">${line}</span> `),
    },
  ];
}

function wards({ t }: Chrome, names: readonly string[]): Html {
  return html`<section><h2>${t('my_account.wards_title')}</h2>
<p>${t('my_account.wards_lead')}</p>
<ul>${names.map((name) => html`<li lang="vi">${name}</li>`)}</ul>
<p><a href="/activate/guardian/requests">${t('my_account.wards_requests')}</a></p></section>`;
}
