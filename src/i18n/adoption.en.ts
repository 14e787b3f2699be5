import type { adoptionVi } from './adoption.vi.ts';
import type { Texts } from './texts.ts';

export const adoptionEn: Texts<typeof adoptionVi> = {
  'adoption.page_title': 'Use of the identity account at services',
  'adoption.title': 'By service',
  'adoption.lead':
    'Persons: different accounts that ever used the service, each counted once. Sign-ins: how often. The two stand side by side and are never divided by each other.',
  'adoption.monthly':
    'Published by month: a month is published only when, since the last one published, at least 10 new persons and 10 returns came.',
  'adoption.caption': 'Persons and sign-ins of each service, to the end of {day}',
  'adoption.empty': 'There is no service yet.',
  'adoption.service': 'Service',
  'adoption.as_of': 'To the end of',
  'adoption.subjects': 'Persons',
  'adoption.sign_ins': 'Sign-ins',
  'adoption.coverage': 'Coverage, by basis',
  'adoption.basis_activated_persons': 'persons who activated',
  'adoption.basis_eligible_residents': 'eligible residents',
  'adoption.basis_unknown': 'basis not stated',
  'adoption.totals_title': 'Share of dossiers through e-identity',
  'adoption.totals_lead':
    'Reported by the service itself and kept as reported: dossiers through e-identity over all dossiers.',
  'adoption.totals_empty': 'No service has reported, or none that is large enough to be published.',
  'adoption.topic': 'Topic',
  'adoption.period': 'Period',
  'adoption.share': 'Share',
  'adoption.source': 'Source',
};
