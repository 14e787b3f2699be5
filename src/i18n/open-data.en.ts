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
  'open_data.licence': 'Licence: {licence}. Name the source when you use it.',
};
