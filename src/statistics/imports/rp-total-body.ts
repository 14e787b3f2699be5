import { z } from 'zod';

const wholeText = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What a relying party sends about one period of one of its services. */
export const RP_TOTAL_BODY = z.strictObject({
  client_id: z.string().optional().meta({ description: 'Whom it is about: the reporter itself unless told.' }),
  topic: z.string(),
  from_on: z.string(),
  to_on: z.string(),
  dossiers: wholeText,
  through_identity: wholeText,
  basis: z.string().optional().meta({ description: 'Whom the service is for; `unknown` unless told.' }),
  basis_persons: wholeText.optional(),
  source: z.string(),
  reason: z.string().optional().meta({ description: 'Why it corrects what was reported about the period before.' }),
});
