import { type AuthFactor, type AuthLevel, acrOf, amrOf, authLevelOf } from '../domain/assurance.ts';

const FACTORS: ReadonlySet<string> = new Set<AuthFactor>([
  'pwd',
  'pin',
  'sms',
  'otp',
  'hwk',
  'swk',
  'sc',
  'face',
  'fpt',
]);

/** The verified factors behind a session's `amr` (which also says `mfa`). */
export function factorsOfAmr(amr: readonly string[] | undefined): AuthFactor[] {
  return (amr ?? []).filter((value): value is AuthFactor => FACTORS.has(value));
}

/** What the session verified; 0 for a session in which nobody signed in. */
export function authLevelOfAmr(amr: readonly string[] | undefined): AuthLevel | 0 {
  const factors = factorsOfAmr(amr);
  return factors.length === 0 ? 0 : authLevelOf(factors);
}

/** How a session remembers a sign-in; `loginTs` in epoch seconds. */
export function loginOf(signIn: { accountId: string; factors: readonly AuthFactor[]; signedInAt: Date }): {
  accountId: string;
  acr: string;
  amr: string[];
  loginTs: number;
} {
  return {
    accountId: signIn.accountId,
    acr: acrOf(authLevelOf(signIn.factors)),
    amr: amrOf(signIn.factors),
    loginTs: Math.floor(signIn.signedInAt.getTime() / 1000),
  };
}
