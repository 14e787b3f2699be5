import { appendAudit } from '../../audit/audit-store.ts';
import { findUnit } from '../../domain/place.ts';
import { inTransaction } from '../../platform/database.ts';
import { type ApiTokenRole, issueApiToken } from '../../statistics/stores/api-token-store.ts';
import type { CliCommand, CommandInput } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { neededText, textOption, wholeOption } from '../option-values.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

const DAY_MS = 86_400_000;

const LABEL = { flags: '--label <text>', description: 'whose token it is; no personal data', isRequired: true };
const DAYS = { flags: '--days <n>', description: 'days until it expires', fallback: '365' };

export const statsToken: CliCommand = {
  usage: 'stats token',
  summary: 'make a token for the full view of the statistics',
  details: 'Shown once and kept as a hash. Sent as `Authorization: Bearer …` to /statistics/activation.',
  example: 'npx dinhdanh stats token --label "to cong tac 06" --days 90',
  options: [LABEL, DAYS, { flags: '--unit <code>', description: 'a token of this unit, for its own figures alone' }],
  printsData: true,
  run: (input) => issueToken(input, 'statistics_full'),
};

export const registrationToken: CliCommand = {
  usage: 'registration-token',
  summary: 'make a token with which a relying party registers itself (RFC 7591)',
  details: 'Shown once and kept as a hash. The sandbox needs none: its registration is open.',
  example: 'npx dinhdanh registration-token --label "hospital group" --days 7',
  options: [LABEL, { ...DAYS, fallback: '7' }],
  printsData: true,
  run: (input) => issueToken(input, 'registration'),
};

async function issueToken({ options, print }: CommandInput, role: ApiTokenRole): Promise<undefined> {
  const label = neededText(options, 'label').slice(0, 80);
  const unitCode = textOption(options, 'unit');
  if (unitCode !== undefined && findUnit(unitCode) === undefined)
    throw new WrongUsage('--unit is no unit of the register');
  const days = wholeOption(options, 'days', { least: 1, most: 3_650 });
  await withRegister(async ({ db, clock }) => {
    const now = clock();
    const expiresAt = new Date(now.getTime() + days * DAY_MS);
    const unit = unitCode === undefined ? {} : { unitCode };
    const { id, token } = await inTransaction(db, async (tx) => {
      const issued = await issueApiToken(tx, { role, label, now, expiresAt, ...unit });
      const detail = { token: issued.id, role, unit: unitCode ?? null };
      await appendAudit(tx, { at: now, actor: OPERATOR, action: 'statistics.token_issued', detail });
      return issued;
    });
    print(
      { id, token, role, expires_at: expiresAt.toISOString() },
      `${token}\nShown once. Valid until ${expiresAt.toISOString()}.`,
    );
  });
  return undefined;
}
