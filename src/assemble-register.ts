import { hkdfSync } from 'node:crypto';
import { handleCodes } from './accounts/code-message.ts';
import { mustOpenPersons } from './accounts/person-store.ts';
import { insertKnownUnits } from './accounts/unit-store.ts';
import type { Config } from './config.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { type Db, migrate, openDatabase, pendingMigrations } from './platform/database.ts';
import { createLog, type Log } from './platform/log.ts';
import { createHttpMessenger, createInbox, type Messenger } from './platform/messenger.ts';
import { createOutbox } from './platform/outbox.ts';
import { createSecretHasher } from './platform/secret-hashing.ts';
import { sqliteOf } from './platform/sqlite-register.ts';
import { createVault } from './platform/vault.ts';

/** What a test may replace; everything else is the real thing. */
export type Substitutes = { clock?: Clock; messenger?: Messenger; log?: Log; readLoad?: () => number };

export type Register = Awaited<ReturnType<typeof assembleRegister>>;

/** The register alone: records, secrets, messages. What a command of the CLI needs; no page, no protocol.
 *  @throws SchemaIsOld in production, where migrations are run by hand (`npx dinhdanh migrate`); SealedWithOtherKeys. */
export async function assembleRegister(config: Config, substitutes: Substitutes = {}) {
  const clock = substitutes.clock ?? systemClock;
  const log = substitutes.log ?? createLog(config.logLevel);
  const vault = createVault(config.secrets);
  const hasher = createSecretHasher({
    params: {
      memoryKib: config.argon2MemoryKib,
      timeCost: config.argon2TimeCost,
      parallelism: config.argon2Parallelism,
    },
    pepper: config.secrets.passwordPepper,
    concurrency: config.argon2Concurrency,
    limits: { mostRequests: config.secretRequests, mostRequestsPerAddress: config.secretRequestsPerAddress },
  });
  // Fingerprints of typed ids, addresses, codes and attempt cookies: one key each by the purpose mixed into the HMAC.
  const fingerprintKey = Buffer.from(hkdfSync('sha256', config.secrets.passwordPepper, 'dinhdanh', 'fingerprint', 32));
  const db = openDatabase(config.database, (warning) => log.warn({ warning }, 'database.warning'));
  await bringUpToDate(db, config.isProduction);
  await mustOpenPersons(db, vault).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  await insertKnownUnits(db);

  const outbox = createOutbox({ db, vault, clock, log });
  const inbox = config.isSandbox ? createInbox({ db, vault, clock }) : undefined;
  const messenger = substitutes.messenger ?? messengerOf(config) ?? inbox?.messenger;
  if (messenger === undefined) throw new Error('neither an SMS gateway nor the sandbox inbox is configured');
  outbox.handle('sms', async (payload, id) =>
    messenger.send({ id, to: String(payload['to']), body: String(payload['body']) }),
  );
  handleCodes(outbox, { messenger, clock, log });

  return {
    config,
    clock,
    log,
    vault,
    hasher,
    fingerprintKey,
    db,
    outbox,
    inbox,
    messenger,
    close: async (): Promise<void> => {
      await outbox.stop();
      await sqliteOf(db)?.stopCheckpoints();
      await db.destroy();
    },
  };
}

export class SchemaIsOld extends Error {
  override readonly name = 'SchemaIsOld';
}

async function bringUpToDate(db: Db, isProduction: boolean): Promise<void> {
  if (isProduction) {
    const pending = await pendingMigrations(db);
    if (pending.length > 0) {
      await db.destroy();
      throw new SchemaIsOld(`${pending.length} migrations wait`);
    }
    return;
  }
  await migrate(db);
}

function messengerOf(config: Config): Messenger | undefined {
  if (config.smsGatewayUrl === undefined) return undefined;
  return createHttpMessenger({ url: config.smsGatewayUrl, token: config.smsGatewayToken ?? '' });
}
