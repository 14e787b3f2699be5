import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import { ACTIVATION_CHANNELS } from '../../domain/activation.ts';
import { REPORT_SCOPE } from '../../domain/rp-total.ts';
import { RP_TOTAL_BODY } from '../imports/rp-total-body.ts';
import {
  ACTIVATION_ANSWER,
  ADOPTION_ANSWER,
  CAMPAIGNS_ANSWER,
  COMPARISON_ANSWER,
  FUNNEL_ANSWER,
  OPEN_DATA_ANSWER,
  PROBLEM,
  REBUILT_ANSWER,
  REPORT_ANSWER,
  TOTAL_ANSWER,
  TOTALS_ANSWER,
} from './data-schemas.ts';

const day = z.iso.date().optional();
const FILTER = z.object({
  as_of: day.meta({ description: 'Counted to the end of this day; today unless told' }),
  account_level: z.enum(['1', '2']).optional(),
  known_on: day.meta({ description: 'What was known at the end of this day; for the full view alone' }),
});
const FUNNEL_FILTER = z.object({ from: day, to: day, channel: z.enum(ACTIVATION_CHANNELS).optional() });
const COMPARISON_FILTER = z.object({
  ...FILTER.pick({ as_of: true, account_level: true }).shape,
  unit: z.string().optional(),
  with_unit: z.string().optional(),
  with_as_of: day,
});
const REPORT_FILTER = z.object({
  period: z
    .enum(['day', 'week', 'month'])
    .optional()
    .meta({ description: 'month unless told; the public gets months' }),
  of: day.meta({ description: 'A day of the period; the last period that is over unless told' }),
  unit: z.string().optional().meta({ description: 'A unit; the city unless told' }),
  known_on: FILTER.shape.known_on,
});
const REPORT_FILE_FILTER = z.object({ ...REPORT_FILTER.shape, locale: z.enum(['vi', 'en']).optional() });
const REBUILT_FILTER = z.object({
  ...FILTER.shape,
  unit: z.string().optional().meta({ description: 'The series of a unit across the change of 1 July 2025' }),
  geography: z
    .enum(['hanoi_units_2025', 'hanoi_districts_2023'])
    .optional()
    .meta({ description: 'Without a unit: the geography over which all is drawn' }),
});
const ARCHIVE_FILTER = z.object({
  as_of: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional()
    .meta({ description: 'A month that is over (YYYY-MM); the latest one unless told' }),
});

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM } },
});
const REFUSALS = {
  '401': problem('The token is unknown or over'),
  '403': problem('The token does not open this'),
  '422': problem('A parameter is wrong; `field` names it'),
};
/** Of an answer without a role. */
const LIMITS = {
  '429': problem('Too many requests from this address; Retry-After says when to come again'),
  '503': problem('Too many questions that nobody asked before are waiting; Retry-After says when to come again'),
};
const json = (description: string, schema: z.ZodType) => ({ description, content: { 'application/json': { schema } } });

function read(summary: string, query: z.ZodObject, schema: z.ZodType) {
  return {
    get: {
      summary,
      security: [{}, { statistics: [] }],
      requestParams: { query },
      responses: {
        '200': json('What the reader may see', schema),
        '304': { description: 'Not changed' },
        ...REFUSALS,
        ...LIMITS,
      },
    },
  };
}

function readFile(summary: string, query: z.ZodObject, { type, description }: { type: string; description: string }) {
  return {
    get: {
      summary,
      security: [{}, { statistics: [] }],
      requestParams: { query },
      responses: {
        '200': { description, content: { [type]: { schema: z.string() } } },
        '304': { description: 'Not changed' },
        ...REFUSALS,
        ...LIMITS,
      },
    },
  };
}

function openData(summary: string, type: string, schema: z.ZodType) {
  return {
    get: {
      summary: `${summary}, to the end of the latest month that is over`,
      security: [{}],
      requestParams: { query: ARCHIVE_FILTER },
      responses: {
        '200': { description: 'The public view', content: { [type]: { schema } } },
        '304': { description: 'Not changed' },
        ...LIMITS,
      },
    },
  };
}

function openDataPaths() {
  return Object.fromEntries(
    Object.entries(DATASETS).flatMap(([name, summary]) => [
      [`/statistics/open-data/${name}.json`, openData(summary, 'application/json', OPEN_DATA_ANSWER)],
      [`/statistics/open-data/${name}.csv`, openData(summary, 'text/csv', z.string())],
    ]),
  );
}

const DATASETS = {
  rates: 'Rates by unit',
  channels: 'Activations by channel',
  backlog: 'Late grants by days since the notice',
  residents: 'Persons by age band and sex',
  funnel: 'Steps of activation attempts and what was lost',
  adoption: 'Use at services',
} as const;

/** Every route of the statistics that answers data, as OpenAPI 3.1. The public's view needs no token; a token opens more of the same. */
export function statisticsDocument(issuer: string): object {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Định danh: số liệu / statistics',
      version: '1',
      description:
        'Counts of the public view under 10 are suppressed, and so much more that they cannot be had by subtraction.',
    },
    servers: [{ url: issuer }],
    components: {
      securitySchemes: {
        statistics: { type: 'http', scheme: 'bearer', description: 'A token of `dinhdanh stats token`' },
        machine: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: `${issuer}/token`, scopes: { [REPORT_SCOPE]: 'Report totals' } } },
        },
      },
    },
    paths: {
      '/statistics/activation.json': read('The activation rates', FILTER, ACTIVATION_ANSWER),
      '/statistics/activation.csv': readFile('The activation rates, a line each', FILTER, {
        type: 'text/csv',
        description: 'UTF-8 with a byte order mark',
      }),
      '/statistics/campaigns.json': read('What campaigns brought', FILTER, CAMPAIGNS_ANSWER),
      '/statistics/funnel.json': read('The steps of an activation and what is lost', FUNNEL_FILTER, FUNNEL_ANSWER),
      '/statistics/compare.json': read('Two days or two units side by side', COMPARISON_FILTER, COMPARISON_ANSWER),
      '/statistics/adoption.json': read('Who uses which relying party', FILTER.pick({ as_of: true }), ADOPTION_ANSWER),
      '/statistics/rebuilt.json': read(
        'Series over the other geography; not for the public',
        REBUILT_FILTER,
        REBUILT_ANSWER,
      ),
      '/statistics/report.json': read('The report of a day, a week or a month', REPORT_FILTER, REPORT_ANSWER),
      '/statistics/report.csv': readFile('The same report, a line for each figure', REPORT_FILE_FILTER, {
        type: 'text/csv',
        description: 'UTF-8 with a byte order mark',
      }),
      '/statistics/report.xlsx': readFile('The same report, a sheet for each part', REPORT_FILE_FILTER, {
        type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        description: 'An Excel file',
      }),
      ...openDataPaths(),
      '/relying-parties/totals': {
        get: {
          summary: 'What the machine reported',
          security: [{ machine: [REPORT_SCOPE] }],
          responses: { '200': json('Every version', TOTALS_ANSWER), '401': REFUSALS['401'], '403': REFUSALS['403'] },
        },
        post: {
          summary: 'Report the dossiers of a period',
          security: [{ machine: [REPORT_SCOPE] }],
          requestBody: { required: true, content: { 'application/json': { schema: RP_TOTAL_BODY } } },
          responses: {
            '200': json('It stood already', TOTAL_ANSWER),
            '201': json('A new version', TOTAL_ANSWER),
            ...REFUSALS,
            '415': problem('Not JSON'),
          },
        },
      },
    },
  });
}
