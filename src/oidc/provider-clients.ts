import { LRUCache } from 'lru-cache';
import { type Adapter, type Client, errors } from 'oidc-provider';
import { SCOPES } from '../domain/claims.ts';
import type { OidcDeps, RegisteredClient } from './oidc-deps.ts';

const registrations = new WeakMap<object, RegisteredClient>();

/** What our register says about a client that the provider loaded. Undefined for a client just being registered. */
export function registrationOf(client: Client | undefined): RegisteredClient | undefined {
  return client === undefined ? undefined : registrations.get(client);
}

/** @throws Error for a client that did not come through `find`: a request never has such a one. */
export function mustRegistrationOf(client: Client | undefined): RegisteredClient {
  const registration = registrationOf(client);
  if (registration === undefined) throw new Error('a client without a registration');
  return registration;
}

const ALL_SCOPES = Object.keys(SCOPES);
const UNRESTRICTED_SCOPES = ALL_SCOPES.filter((scope) => scope !== 'citizen_id').join(' ');
const LONGEST_NAME = 120;
/** Control characters, and those that change the direction of the text around them: a name is shown where the citizen decides. */
const UNSHOWABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** The provider's storage of clients: our register. A disabled client is not there. */
export function clientAdapter(deps: Pick<OidcDeps, 'clients'>): Adapter {
  const unused = (): Promise<never> => Promise.reject(new Error('clients are no tokens'));
  return {
    async find(id) {
      const client = await deps.clients.find(id);
      return client === undefined || client.disabledAt !== undefined ? undefined : metadataOf(client);
    },
    async upsert(id, metadata) {
      const { client_id: _id, client_secret: secret, ...rest } = metadata as Record<string, unknown>;
      const name = typeof rest['client_name'] === 'string' ? rest['client_name'] : id;
      assertDynamicClient(name, rest['scope']);
      await deps.clients.insertDynamic({
        id,
        metadata: rest,
        name,
        ...(typeof secret === 'string' ? { secret } : {}),
      });
    },
    destroy: unused,
    consume: unused,
    findByUid: unused,
    findByUserCode: unused,
    revokeByGrantId: unused,
  };
}

function assertDynamicClient(name: string, scope: unknown): void {
  if (name.length > LONGEST_NAME) throw new errors.InvalidClientMetadata(`client_name is longer than ${LONGEST_NAME}`);
  if (UNSHOWABLE.test(name)) throw new errors.InvalidClientMetadata('client_name has characters that cannot be shown');
  if (typeof scope === 'string' && scope.split(' ').includes('citizen_id'))
    throw new errors.InvalidClientMetadata('scope citizen_id needs a legal basis, which is recorded by hand');
}

function metadataOf(client: RegisteredClient): Record<string, unknown> & { client_id: string } {
  return {
    ...client.metadata,
    client_id: client.id,
    client_name: client.name.vi,
    scope: scopeOf(client),
    // The library wants one where the method has one; `compareClientSecret` knows that this is only its keyed hash.
    ...(client.secretHmac === undefined ? {} : { client_secret: client.secretHmac }),
  };
}

/** The library refuses scopes outside this list with `invalid_scope`: no legal basis, no `citizen_id`. */
function scopeOf(client: RegisteredClient): string {
  const listed = client.metadata['scope'];
  const scopes = typeof listed === 'string' && listed !== '' ? listed.split(' ') : undefined;
  if (client.legalBasis === undefined) {
    const allowed = scopes?.filter((scope) => scope !== 'citizen_id').join(' ');
    return allowed === undefined || allowed === '' ? UNRESTRICTED_SCOPES : allowed;
  }
  return (scopes ?? ALL_SCOPES).join(' ');
}

const FRESH_SECONDS = 5;

type Found = { client: Client; signature: string };

export type ClientCache = {
  find(id: string): Promise<Client | undefined>;
  forget(id: string): void;
};

/** Caches the provider's `Client.find`, which re-reads and re-builds clients beyond the hundredth. A change made by this process holds at
 *  once (`forget`), one made by another within five seconds.
 *  @see node_modules/oidc-provider/lib/provider.js `dynamicClients` */
export function createClientCache(
  deps: Pick<OidcDeps, 'clients'>,
  build: (id: string) => Promise<Client | undefined>,
): ClientCache {
  const fresh = new LRUCache<string, Client>({ max: 10_000, ttl: FRESH_SECONDS * 1000 });
  const built = new LRUCache<string, Found>({ max: 10_000 });

  const load = async (id: string): Promise<Client | undefined> => {
    const registration = await deps.clients.find(id);
    if (registration === undefined || registration.disabledAt !== undefined) return undefined;
    const signature = JSON.stringify(registration);
    const known = built.get(id);
    if (known?.signature === signature) return known.client;
    const client = await build(id);
    if (client === undefined) return undefined;
    // Every `sub` then passes through `pairwiseIdentifier`, which knows the true type: the library would tell the account's own id.
    if (registration.metadata['subject_type'] === 'public') Object.assign(client, { subjectType: 'pairwise' });
    registrations.set(client, registration);
    built.set(id, { client, signature });
    return client;
  };

  return {
    async find(id) {
      const known = fresh.get(id);
      if (known !== undefined) return known;
      const client = await load(id);
      if (client !== undefined) fresh.set(id, client);
      return client;
    },
    forget(id) {
      fresh.delete(id);
      built.delete(id);
    },
  };
}
