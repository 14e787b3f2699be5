/** Whom an account belongs to. */
export type SubjectKind = 'citizen' | 'foreigner' | 'organisation';

/** Who may ask for a lock, or for its end. A relying party may not, since Decree 69/2024/NĐ-CP: it is absent on purpose.
 *  `register` is a notice from a register of the state (cards, civil status, residence). */
export type LockActor = 'holder' | 'guardian' | 'identity_authority' | 'competent_authority' | 'register';

type LockRule = {
  readonly subjects: readonly SubjectKind[];
  readonly openedBy: readonly LockActor[];
  readonly closedBy: readonly LockActor[];
};

const PERSONS = ['citizen', 'foreigner'] as const satisfies readonly SubjectKind[];
const EVERYONE = ['citizen', 'foreigner', 'organisation'] as const satisfies readonly SubjectKind[];

/** Each ground with its subjects, who opens it and who closes it. Grounds and subjects: Decree 69/2024/NĐ-CP Articles 15, 29, 30.
 *  Who closes is a choice of ours (design): what a register opened, the register or the identity authority closes; a holder who
 *  locked herself out is identified first, so she cannot close it from a session. */
const LOCK_RULES = {
  holder_request: { subjects: EVERYONE, openedBy: ['holder', 'guardian'], closedBy: ['identity_authority'] },
  terms_breach: { subjects: EVERYONE, openedBy: ['identity_authority'], closedBy: ['identity_authority'] },
  card_revoked: {
    subjects: PERSONS,
    openedBy: ['register', 'identity_authority'],
    closedBy: ['register', 'identity_authority'],
  },
  card_retained: {
    subjects: PERSONS,
    openedBy: ['register', 'identity_authority'],
    closedBy: ['register', 'identity_authority'],
  },
  card_expired: {
    subjects: PERSONS,
    openedBy: ['register', 'identity_authority'],
    closedBy: ['register', 'identity_authority'],
  },
  death: { subjects: PERSONS, openedBy: ['register', 'identity_authority'], closedBy: ['identity_authority'] },
  authority_request: {
    subjects: EVERYONE,
    openedBy: ['competent_authority'],
    closedBy: ['competent_authority', 'identity_authority'],
  },
  passport_expired: {
    subjects: ['foreigner'],
    openedBy: ['register', 'identity_authority'],
    closedBy: ['register', 'identity_authority'],
  },
  residence_expired: {
    subjects: ['foreigner'],
    openedBy: ['register', 'identity_authority'],
    closedBy: ['register', 'identity_authority'],
  },
  dissolved: {
    subjects: ['organisation'],
    openedBy: ['register', 'identity_authority'],
    closedBy: ['identity_authority'],
  },
} as const satisfies Record<string, LockRule>;

export type LockGround = keyof typeof LOCK_RULES;

/** Every ground on which an account may be locked. An account is open only when none is left: grounds are a set. */
export const LOCK_GROUNDS = Object.keys(LOCK_RULES) as readonly LockGround[];

/** Working days within which a lock request is answered, in writing. Source: Decree 69/2024/NĐ-CP. */
export const LOCK_ANSWER_WORKING_DAYS = { receivingOffice: 1, headOfIdentityAuthority: 2 } as const;

export function isLockGround(text: string): text is LockGround {
  return Object.hasOwn(LOCK_RULES, text);
}

/** Whether `ground` can befall an account of this kind of subject. */
export function appliesTo(ground: LockGround, subject: SubjectKind): boolean {
  return ruleOf(ground).subjects.includes(subject);
}

/** Whether `actor` may ask for a lock on this ground. */
export function mayOpenLock(ground: LockGround, actor: LockActor): boolean {
  return ruleOf(ground).openedBy.includes(actor);
}

/** Whether `actor` may have this ground removed. Other grounds keep the account locked. */
export function mayCloseLock(ground: LockGround, actor: LockActor): boolean {
  return ruleOf(ground).closedBy.includes(actor);
}

function ruleOf(ground: LockGround): LockRule {
  return LOCK_RULES[ground];
}
