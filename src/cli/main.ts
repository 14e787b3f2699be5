import { runCommand } from './command.ts';

/** `npx dinhdanh <command>`: every command there is, each in a file of its own that is loaded when it is needed.
 *  Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
const COMMANDS = {
  'check-config': async () => (await import('./commands/check-config.ts')).checkConfig,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  seed: async () => (await import('./commands/seed.ts')).seed,
  reset: async () => (await import('./commands/reset.ts')).reset,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  'people import': async () => (await import('./commands/people-import.ts')).peopleImport,
  'people generate': async () => (await import('./commands/people-generate.ts')).peopleGenerate,
  'keys generate': async () => (await import('./commands/keys-generate.ts')).keysGenerate,
  'keys rotate': async () => (await import('./commands/keys-rotate.ts')).keysRotate,
  'keys reseal': async () => (await import('./commands/keys-reseal.ts')).keysReseal,
  'keys usage': async () => (await import('./commands/keys-reseal.ts')).keysUsage,
  'keys list': async () => (await import('./commands/keys-list.ts')).keysList,
  'clients add': async () => (await import('./commands/clients-add.ts')).clientsAdd,
  'clients list': async () => (await import('./commands/clients-list.ts')).clientsList,
  'clients disable': async () => (await import('./commands/clients-disable.ts')).clientsDisable,
  'registration-token': async () => (await import('./commands/stats-token.ts')).registrationToken,
  'accounts find': async () => (await import('./commands/accounts-find.ts')).accountsFind,
  'accounts show': async () => (await import('./commands/accounts-show.ts')).accountsShow,
  'accounts lock': async () => (await import('./commands/accounts-lock.ts')).accountsLock,
  'accounts unlock': async () => (await import('./commands/accounts-lock.ts')).accountsUnlock,
  'accounts reopen-activation': async () =>
    (await import('./commands/accounts-reopen-activation.ts')).accountsReopenActivation,
  'accounts assist': async () => (await import('./commands/accounts-assist.ts')).accountsAssist,
  'stats activation': async () => (await import('./commands/stats-activation.ts')).statsActivation,
  'stats bases import': async () => (await import('./commands/stats-bases.ts')).statsBasesImport,
  'stats bases list': async () => (await import('./commands/stats-bases.ts')).statsBasesList,
  'stats published import': async () => (await import('./commands/stats-published.ts')).statsPublishedImport,
  'stats published list': async () => (await import('./commands/stats-published.ts')).statsPublishedList,
  'stats campaigns import': async () => (await import('./commands/stats-campaigns.ts')).statsCampaignsImport,
  'stats campaigns list': async () => (await import('./commands/stats-campaigns.ts')).statsCampaignsList,
  'stats snapshots freeze': async () => (await import('./commands/stats-snapshots.ts')).statsSnapshotsFreeze,
  'stats snapshots list': async () => (await import('./commands/stats-snapshots.ts')).statsSnapshotsList,
  'stats snapshots show': async () => (await import('./commands/stats-snapshots.ts')).statsSnapshotsShow,
  'stats progress': async () => (await import('./commands/stats-progress.ts')).statsProgress,
  'stats check': async () => (await import('./commands/stats-check.ts')).statsCheck,
  'stats token': async () => (await import('./commands/stats-token.ts')).statsToken,
  'outbox list': async () => (await import('./commands/outbox-list.ts')).outboxList,
  'outbox retry': async () => (await import('./commands/outbox-retry.ts')).outboxRetry,
  'audit verify': async () => (await import('./commands/audit-verify.ts')).auditVerify,
  'retention purge': async () => (await import('./commands/retention-purge.ts')).retentionPurge,
};

process.exitCode = await runCommand(COMMANDS, process.argv.slice(2));
