import { type ClaimsParameter, type Client, errors } from 'oidc-provider';
import { LEGACY_CLAIM_ALIASES } from '../domain/claims.ts';
import { registrationOf } from './provider-clients.ts';

const CITIZEN_ID_CLAIMS: readonly string[] = [
  'citizen_id',
  ...Object.entries(LEGACY_CLAIM_ALIASES).flatMap(([alias, claim]) => (claim === 'citizen_id' ? [alias] : [])),
];

/** Claims that say how, when and by whom, not who: they are told without consent. */
const PROTOCOL_CLAIMS: ReadonlySet<string> = new Set(['sub', 'sid', 'auth_time', 'acr', 'amr', 'iss']);

export function isPersonalClaim(name: string): boolean {
  return !PROTOCOL_CLAIMS.has(name);
}

/** @throws InvalidRequest for what cannot be read, InvalidScope for a claim that this client may never have. */
export function assertClaimsParameter(claims: ClaimsParameter, client: Client): void {
  const hasLegalBasis = registrationOf(client)?.legalBasis !== undefined;
  for (const container of ['userinfo', 'id_token'] as const) {
    for (const [name, wish] of Object.entries(claims[container] ?? {})) {
      if (typeof wish !== 'object' || Array.isArray(wish))
        throw new errors.InvalidRequest(`claims.${container} members must be null or objects`);
      if (!hasLegalBasis && CITIZEN_ID_CLAIMS.includes(name))
        throw new errors.InvalidScope('requested claim is not allowed', 'citizen_id');
    }
  }
  assertAcr(claims.id_token?.['acr']);
}

function assertAcr(acr: { value?: unknown; values?: unknown } | null | undefined): void {
  const { value, values } = acr ?? {};
  if (value !== undefined && typeof value !== 'string')
    throw new errors.InvalidRequest('invalid claims.id_token.acr.value type');
  if (values === undefined) return;
  if (!Array.isArray(values) || values.some((one) => typeof one !== 'string'))
    throw new errors.InvalidRequest('invalid claims.id_token.acr.values type');
}

/** What a validated `claims` parameter asks for beyond the protocol's own claims. */
export function claimsAskedFor(parameter: unknown): { names: string[]; essential: string[] } {
  if (typeof parameter !== 'string') return { names: [], essential: [] };
  const claims = JSON.parse(parameter) as ClaimsParameter;
  const wishes = [...Object.entries(claims.userinfo ?? {}), ...Object.entries(claims.id_token ?? {})].filter(([name]) =>
    isPersonalClaim(name),
  );
  const essential = wishes.filter(([, wish]) => wish?.essential === true);
  const namesOf = (entries: typeof wishes): string[] => [...new Set(entries.map(([name]) => name))];
  return { names: namesOf(wishes), essential: namesOf(essential) };
}
