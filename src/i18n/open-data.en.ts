import type { openDataVi } from './open-data.vi.ts';
import type { Texts } from './texts.ts';

export const openDataEn: Texts<typeof openDataVi> = {
  'open_data.title': 'Open data',
  'open_data.lead':
    'Figures to the end of the latest month that is over, updated every month. Cells under {least} are not published, nor those from which they could be had by subtraction.',
  'open_data.caption': 'The datasets; no token is needed',
  'open_data.dataset': 'Dataset',
  'open_data.definition': 'Definition',
  'open_data.files': 'Files',
  'open_data.rates': 'Activation rates',
  'open_data.rates_text':
    'A line for each rate of each unit, with its numerator, denominator and the name of the basis.',
  'open_data.adoption': 'Use at services',
  'open_data.adoption_text': 'Persons and sign-ins of each service, added up to the end of each published month.',
  'open_data.channels': 'Activations by channel',
  'open_data.channels_text': 'First activations through each channel, added up, of the whole city.',
  'open_data.backlog': 'Late activations',
  'open_data.backlog_text': 'Grants whose time has run out without activation, by days since the notice.',
  'open_data.residents': 'By age and sex',
  'open_data.residents_text': 'Persons who activated, are at level 2, have signed in and can sign in, from 14 on.',
  'open_data.funnel': 'Steps of an activation',
  'open_data.funnel_text': 'Attempts that began in a month: how many came to each step, passed it or stopped, and why.',
  'open_data.archive': 'Add ?as_of=YYYY-MM to the address of a file for the figures at the end of an earlier month.',
  'open_data.licence': 'Licence: {licence}. Name the source when you use it.',
};
