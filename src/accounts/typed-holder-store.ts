import type { CitizenId } from '../domain/citizen-id.ts';
import { readApart, type Statements } from '../platform/prepared-queries.ts';
import type { Vault } from '../platform/vault.ts';
import type { StoredSecret } from './credential-store.ts';
import { deviceTokenHash } from './known-device-store.ts';
import { indexedAnew, numberIndexes } from './person-store.ts';

/** What a typed citizen id stands for: the account, which of its known browsers this one is, and the hash of its password. */
export type TypedHolder = { accountId?: string; deviceId?: string; password?: StoredSecret };

type HolderRow = Record<
  'person_id' | 'citizen_id_index' | 'account_id' | 'device_id' | 'credential_id' | 'secret',
  string | null
>;

/** By one look within a short transaction, which takes the same steps whether or not there is such a person (hence `coalesce`).
 *  @param typed `citizenId` undefined: nobody's. `deviceTokens`: of the browser's cookie. */
export function* holderTyped(
  vault: Vault,
  typed: { citizenId: CitizenId | undefined; deviceTokens: readonly string[] },
): Statements<TypedHolder> {
  const indexes = numberIndexes(vault, typed).citizenId;
  const hashes = typed.deviceTokens.map(deviceTokenHash);
  const [row] = yield* readApart<HolderRow>(lookFor(indexes.length, hashes.length), [...indexes, ...hashes]);
  const { person_id: personId, citizen_id_index: found, account_id: accountId } = row ?? {};
  const [newest = ''] = indexes;
  if (personId && found && found !== newest) yield* indexedAnew(personId, { from: found, to: newest });
  const { device_id: deviceId, credential_id: id, secret } = row ?? {};
  return {
    ...(accountId && { accountId }),
    ...(deviceId && { deviceId }),
    ...(id && secret && { password: { id, secret } }),
  };
}

const known = new Map<string, string>();

/** Its text for so many of each, which is put together once. */
function lookFor(indexes: number, hashes: number): string {
  const kind = `${indexes} ${hashes}`;
  const sql = known.get(kind) ?? lookForAny(marks(indexes), marks(hashes));
  known.set(kind, sql);
  return sql;
}

const lookForAny = (indexes: string, hashes: string): string => `select p.id as person_id, p.citizen_id_index,
    a.id as account_id, d.id as device_id, c.id as credential_id, c.secret
  from (select 1 as one) asked
  left join persons p on p.citizen_id_index in (${indexes})
  left join accounts a on a.person_id = coalesce(p.id, '')
  left join known_devices d on d.account_id = coalesce(a.id, '') and d.token_hash in (${hashes})
  left join credentials c on c.account_id = coalesce(a.id, '') and c.kind = 'password'`;

/** For `in`; of none it is a text that nothing is. */
function marks(count: number): string {
  return count === 0 ? "''" : Array.from({ length: count }, () => '?').join(', ');
}
