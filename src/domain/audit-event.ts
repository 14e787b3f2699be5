/** Everything that is worth an entry in the audit. Closed: a new act needs a name here first. */
export const AUDIT_ACTIONS = [
  'person.imported',
  'person.seeded',
  'person.residence_changed',
  'account.locked',
  'account.unlocked',
  'account.closed',
  'account.shown',
  'account.phone_changed',
  'grant.granted',
  'grant.notified',
  'grant.fell_due',
  'grant.reopened',
  'grant.activated',
  'activation.started',
  'activation.assisted',
  'activation.code_sent',
  'activation.code_refused',
  'activation.code_proved',
  'activation.guardian_confirmed',
  'sign_in.first',
  'sign_in.succeeded',
  'sign_in.failed',
  'sign_in.throttled',
  'session.ended',
  'credential.password_set',
  'credential.password_changed',
  'credential.passcode_set',
  'credential.passcode_changed',
  'credential.questions_set',
  'credential.totp_enrolled',
  'credential.totp_removed',
  'recovery.started',
  'recovery.refused',
  'recovery.completed',
  'consent.given',
  'consent.withdrawn',
  'token.reuse_detected',
  'client.registered',
  'client.disabled',
  'client.secret_rotated',
  'keys.generated',
  'keys.rotated',
  'keys.values_resealed',
  'statistics.recounted',
  'statistics.repaired',
  'statistics.token_issued',
  'statistics.bases_imported',
  'statistics.figures_imported',
  'statistics.campaigns_imported',
  'statistics.totals_imported',
  'statistics.totals_reported',
  'statistics.snapshot_frozen',
  'retention.purged',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who acted. An officer always has an id and a unit, and gives a reason. */
export type AuditActor = {
  readonly kind: 'citizen' | 'guardian' | 'officer' | 'system' | 'client' | 'operator';
  /** Account, officer or client id; never a citizen id. */
  readonly id?: string;
  readonly unitCode?: string;
};

/** One act, as it is appended in the transaction that did it. */
export type AuditEntry = {
  readonly at: Date;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  /** The account acted upon. */
  readonly accountId?: string;
  /** In the actor's words; no personal data. */
  readonly reason?: string;
  /** Facts without personal data: channel, level, ground, counts. Never an id number, a phone number, a name, a code. */
  readonly detail?: Readonly<Record<string, string | number | null>>;
};
