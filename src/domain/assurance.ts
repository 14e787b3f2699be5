/** How well the person was proofed ("mức độ tài khoản"): 2 means in person, with face and fingerprints.
 *  Source: Decree 69/2024/NĐ-CP. Never mixed with {@link AuthLevel}. */
export type AccountLevel = 1 | 2;

/** How strongly a session was authenticated ("mức độ xác thực"). Source: Decree 69/2024/NĐ-CP. */
export type AuthLevel = 1 | 2 | 3 | 4;

/** The acr of each authentication level, weakest first.
 *  @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken (acr) */
export const ACR_VALUES = ['urn:vn:eid:auth:1', 'urn:vn:eid:auth:2', 'urn:vn:eid:auth:3', 'urn:vn:eid:auth:4'] as const;

export type Acr = (typeof ACR_VALUES)[number];

/** Levels this provider can verify today: it has no biometric. */
export const SUPPORTED_AUTH_LEVELS: readonly AuthLevel[] = [1, 2];

/** The acr that names `level`. */
export function acrOf(level: AuthLevel): Acr {
  return ACR_VALUES[(level - 1) as 0 | 1 | 2 | 3];
}

/** The level that `acr` names; undefined for a value that is not ours. */
export function authLevelOfAcr(acr: string): AuthLevel | undefined {
  const index = (ACR_VALUES as readonly string[]).indexOf(acr);
  return index === -1 ? undefined : ((index + 1) as AuthLevel);
}

type FactorCategory = 'knowledge' | 'possession' | 'biometric';

/** Category of each factor, by its value in `amr`. `fpt` and `face` are matches against the register; a fingerprint that only
 *  unlocks a key on the phone is `hwk` (design). Security questions are no factor at all (design).
 *  @see https://www.rfc-editor.org/rfc/rfc8176#section-2 */
const CATEGORY_OF_FACTOR = {
  pwd: 'knowledge',
  pin: 'knowledge',
  sms: 'possession',
  otp: 'possession',
  hwk: 'possession',
  swk: 'possession',
  sc: 'possession',
  face: 'biometric',
  fpt: 'biometric',
} as const satisfies Record<string, FactorCategory>;

export type AuthFactor = keyof typeof CATEGORY_OF_FACTOR;

/** The level that the verified `factors` amount to. Factors are different when their categories are: a password and a passcode
 *  are one factor, so are two codes on one phone.
 *  1: one factor; 2: two different; 3: two or more, one of them biometric; 4: something known, possessed and biometric.
 *  A biometric alone is one factor, so level 1 (design: the decree does not name the case).
 *  Source: Decree 69/2024/NĐ-CP. @throws RangeError without any factor: nobody was authenticated. */
export function authLevelOf(factors: readonly AuthFactor[]): AuthLevel {
  const categories = categoriesOf(factors);
  if (categories.size === 0) throw new RangeError('No factor was verified');
  if (categories.size === 3) return 4;
  if (categories.size === 1) return 1;
  return categories.has('biometric') ? 3 : 2;
}

/** The `amr` claim: each factor once, in the order verified, and `mfa` when their categories differ.
 *  @see https://www.rfc-editor.org/rfc/rfc8176#section-2 */
export function amrOf(factors: readonly AuthFactor[]): string[] {
  const values: string[] = [...new Set(factors)];
  return categoriesOf(factors).size > 1 ? [...values, 'mfa'] : values;
}

/** The acr to put into the token: the highest requested value that the session meets, so that an integrator who compares for
 *  equality finds what was asked; otherwise the verified level's own. Never more than was verified. */
export function acrToIssue(session: { readonly requested: readonly string[]; readonly verified: AuthLevel }): Acr {
  const met = knownLevels(session.requested).filter((level) => level <= session.verified);
  return acrOf(met.length > 0 ? highestOf(met) : session.verified);
}

export type RequiredAuthLevel =
  | { readonly kind: 'level'; readonly level: AuthLevel }
  | { readonly kind: 'cannot_be_met' };

/** The level a session must reach for a request. `essentialAcrs` are alternatives (OpenID Connect Core §5.5.1.1): reaching the
 *  lowest supported one is enough, for levels are ordered; the client's least level always holds.
 *  `cannot_be_met` ends in `unmet_authentication_requirements`, never in a weaker token. */
export function requiredAuthLevel(request: {
  readonly clientLeast: AuthLevel;
  readonly essentialAcrs: readonly string[];
}): RequiredAuthLevel {
  const alternatives = knownLevels(request.essentialAcrs).filter(isSupported);
  if (!isSupported(request.clientLeast)) return { kind: 'cannot_be_met' };
  if (request.essentialAcrs.length > 0 && alternatives.length === 0) return { kind: 'cannot_be_met' };
  const lowest = alternatives.reduce<AuthLevel>((least, level) => (level < least ? level : least), 4);
  const asked = alternatives.length === 0 ? 1 : lowest;
  return { kind: 'level', level: asked > request.clientLeast ? asked : request.clientLeast };
}

function isSupported(level: AuthLevel): boolean {
  return SUPPORTED_AUTH_LEVELS.includes(level);
}

function knownLevels(acrs: readonly string[]): AuthLevel[] {
  return acrs.map(authLevelOfAcr).filter((level) => level !== undefined);
}

function highestOf(levels: readonly AuthLevel[]): AuthLevel {
  return levels.reduce<AuthLevel>((highest, level) => (level > highest ? level : highest), 1);
}

function categoriesOf(factors: readonly AuthFactor[]): ReadonlySet<FactorCategory> {
  return new Set(factors.map((factor): FactorCategory => CATEGORY_OF_FACTOR[factor]));
}
