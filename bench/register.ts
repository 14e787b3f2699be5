/** Fills the register of a server under test through our own code, before it starts: relying parties and fictional people. */
import { assembleRegister } from '../src/assemble-register.ts';
import type { Config } from '../src/config.ts';
import { fillSandbox } from '../src/fill-sandbox.ts';
import { clientSecretHmac } from '../src/relying-parties/client-secret.ts';
import { type NewClient, putClient } from '../src/relying-parties/client-store.ts';
import { describePerson } from '../src/sandbox/describe-person.ts';
import { makePerson } from '../src/sandbox/make-person.ts';
import { CLIENT_SECRET, CLIENTS, type Person, REDIRECT_URI } from './flows.ts';

export type People = { people: Person[]; pending: Person[] };

export async function fillRegister(config: Config, wanted: { people: number; pending: number }): Promise<People> {
  const register = await assembleRegister(config);
  try {
    // What the first start does: the servers under test start on data that is there.
    await fillSandbox(register);
    for (const client of benchClients()) {
      const secretHmac = clientSecretHmac(register.vault, CLIENT_SECRET);
      await putClient(register.db, { ...client, secretHmac }, register.clock());
    }
    const make = async (status: 'activated' | 'pending'): Promise<Person> => {
      const wish = { level: '2', status, age: '30', gender: 'female', full_name: '' };
      const made = await makePerson(register, wish);
      if (made.kind !== 'made') throw new Error('no person could be made');
      const person = await describePerson(register, made.accountId);
      if (person === undefined) throw new Error('the person made is not there');
      return { citizenId: person.citizenId, phone: person.phone, password: person.secrets.password };
    };
    const people: Person[] = [];
    const pending: Person[] = [];
    while (people.length < wanted.people) people.push(await make('activated'));
    while (pending.length < wanted.pending) pending.push(await make('pending'));
    return { people, pending };
  } finally {
    await register.close();
  }
}

function benchClients(): NewClient[] {
  const common = {
    origin: 'operator',
    name: { vi: 'Đo tốc độ', en: 'Benchmark' },
    purpose: { vi: 'Đo tốc độ', en: 'To measure speed' },
    leastAccountLevel: 1,
    leastAuthLevel: 1,
    essentialScopes: ['openid'],
    claimNames: 'standard',
    mayIntrospectAll: false,
  } as const;
  const web = {
    redirect_uris: [REDIRECT_URI],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  };
  return [
    {
      ...common,
      essentialScopes: ['openid', 'profile'],
      id: CLIENTS.web,
      metadata: { ...web, grant_types: ['authorization_code'] },
    },
    {
      ...common,
      essentialScopes: ['openid', 'profile'],
      id: CLIENTS.offline,
      metadata: { ...web, grant_types: ['authorization_code', 'refresh_token'] },
    },
    {
      ...common,
      essentialScopes: [],
      id: CLIENTS.machine,
      metadata: {
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        subject_type: 'public',
        scope: 'health_book',
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
      },
    },
  ];
}
