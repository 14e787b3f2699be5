/** Attempts at activation and sign-ins at relying parties of a year, counted by the timers' own functions, for `city-statistics.ts`. */
import Database from 'better-sqlite3';
import { foldRpUses } from '../src/accounts/rp-use-store.ts';
import { countEndedAttempts } from '../src/activation/funnel-store.ts';
import { addDays, startOfVietNamDay } from '../src/domain/viet-nam-time.ts';
import { migrate, openDatabase } from '../src/platform/database.ts';

const ATTEMPTS = 300_000;
const SIGN_INS = 1_000_000;
const SUBJECTS = 200_000;
const DAY_MS = 86_400_000;
const STEPS = ['code', 'code', 'password', 'passcode', 'questions', 'done'] as const;

/** Relying parties that an operator registered. */
export const SERVICES = Array.from({ length: 20 }, (_, index) => {
  return {
    id: `service-${index}`,
    name: { vi: `Dịch vụ ${index}`, en: `Service ${index}` },
    origin: 'operator' as const,
  };
});

export async function fillUses(
  file: string,
  lastDay: string,
): Promise<{ file: string; attempts: number; signIns: number }> {
  const db = openDatabase({ kind: 'sqlite', file });
  await migrate(db);
  const raw = new Database(file);
  const firstAt = startOfVietNamDay(addDays(lastDay, -364)).getTime();
  raw.transaction(() => {
    const attempt =
      raw.prepare(`insert into activation_attempts (id, token_hash, account_id, step, outcome, pair_fingerprint, phone_tail, locale, channel,
      codes_sent, code_sent_at, created_at, expires_at, finished_at) values (?, ?, ?, ?, ?, '', '', 'vi', 'self', 1, ?, ?, ?, ?)`);
    for (let at = 0; at < ATTEMPTS; at += 1) {
      const beganAt = firstAt + ((at * 7_919) % 365) * DAY_MS + (at % 1_440) * 60_000;
      const step = STEPS[at % STEPS.length] ?? 'code';
      const isDone = step === 'done';
      const ended = isDone ? beganAt + 300_000 : null;
      attempt.run(
        `${at}`,
        `${at}`,
        `${at}`,
        step,
        isDone ? 'activated' : null,
        beganAt,
        beganAt,
        beganAt + 1_800_000,
        ended,
      );
    }
    const use = raw.prepare('insert into rp_uses (id, client_id, account_id, used_on) values (?, ?, ?, ?)');
    for (let at = 0; at < SIGN_INS; at += 1) {
      const day = addDays(lastDay, -((at * 7_919) % 365));
      use.run(`${at}`, SERVICES[at % SERVICES.length]?.id, `${(at * 31) % SUBJECTS}`, day);
    }
  })();
  raw.close();
  const now = new Date();
  while ((await countEndedAttempts(db, now, 5_000)) === 5_000);
  while ((await foldRpUses(db, 20_000)) === 20_000);
  await db.destroy();
  return { file, attempts: ATTEMPTS, signIns: SIGN_INS };
}
