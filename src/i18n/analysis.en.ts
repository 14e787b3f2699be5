import type { analysisVi } from './analysis.vi.ts';
import type { Texts } from './texts.ts';

export const analysisEn: Texts<typeof analysisVi> = {
  'analysis.campaigns_title': 'Campaigns',
  'analysis.campaigns_lead':
    'Persons who activated for the first time in the days and units of the campaign, beside exactly as many days before it. The figures say what happened in that time; they do not prove that the campaign caused it.',
  'analysis.campaigns_caption': 'What each campaign brought, counted to the end of {day}',
  'analysis.campaigns_caption_now': 'What each campaign brought, counted to {time}',
  'analysis.campaigns_empty': 'No campaign is loaded.',
  'analysis.campaign': 'Campaign',
  'analysis.campaign_days': 'Days',
  'analysis.campaign_units': 'Units',
  'analysis.campaign_all_units': 'The whole city',
  'analysis.campaign_unit_count': '{count} units',
  'analysis.campaign_persons': 'First activations (persons)',
  'analysis.campaign_grants': 'Activations',
  'analysis.campaign_before': 'As many days before',
  'analysis.campaign_target': 'Of the target',
  'analysis.campaign_no_target': 'no target',
  'analysis.campaign_not_begun': 'not begun',
  'analysis.campaign_other_units': 'these units did not exist then',
  'analysis.campaign_going_on': 'first {days} days',
  'analysis.period': '{from} – {to}',
  'analysis.notes_title': 'Dated notes',
  'analysis.note_line': '{day}: {name}',
};
