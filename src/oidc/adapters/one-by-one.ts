import type { Adapter, AdapterPayload } from 'oidc-provider';
import { type MadeArtifact, SpentForNothing, type TogetherStore } from './protocol-store.ts';

/** Asks each model's adapter, for stores that have nothing better. `own`: what of it they have. */
export function oneByOne(adapterFor: (model: string) => Adapter, own: Partial<OneByOne> = {}): TogetherStore {
  const {
    findGrant = async (id) => ({ grant: await found(adapterFor('Grant').find(id)) }),
    findClientGrant = () => Promise.resolve(undefined),
    sessionOf = ({ sessionUid = '' }) => found(adapterFor('Session').findByUid(sessionUid)),
  } = own;
  return {
    findGrant,
    async findToken(model, id, about) {
      const token = await found(adapterFor(model).find(id));
      if (token === undefined) return { token, grant: undefined, session: undefined };
      const [ofGrant, session] = await Promise.all([
        findGrant(token.grantId ?? '', token.accountId ?? '', about),
        token.expiresWithSession === true ? sessionOf(token) : undefined,
      ]);
      return { token, session, ...ofGrant };
    },
    async findSession(id, clientId, about) {
      const session = await found(adapterFor('Session').find(id));
      const grantId = session?.authorizations?.[clientId]?.grantId;
      if (session === undefined || grantId === undefined) return { session, grant: undefined };
      return { session, ...(await findGrant(grantId, session.accountId ?? '', about)) };
    },
    findClientGrant,
    saveAll: (made) => saveEach(adapterFor, made),
    async redeem(model, id, made) {
      await spend(adapterFor(model).consume(id), saveEach(adapterFor, made));
    },
  };
}

/** Waits for both. @throws what the use was refused for, before anything else; SpentForNothing when it alone went well. */
export async function spend(using: Promise<void>, saving: Promise<void>): Promise<void> {
  const [used, saved] = await Promise.allSettled([using, saving]);
  if (used.status === 'rejected') throw used.reason;
  if (saved.status === 'rejected') throw new SpentForNothing(saved.reason);
}

export async function saveEach(adapterFor: (model: string) => Adapter, made: readonly MadeArtifact[]): Promise<void> {
  await Promise.all(made.map(({ model, id, payload, expiresIn }) => adapterFor(model).upsert(id, payload, expiresIn)));
}

type OneByOne = Pick<TogetherStore, 'findGrant' | 'findClientGrant'> & {
  /** The session that a token ends with. */
  sessionOf(token: AdapterPayload): Promise<AdapterPayload | undefined>;
};

/** An adapter may say either. */
async function found(finding: ReturnType<Adapter['find']>): Promise<AdapterPayload | undefined> {
  return (await finding) ?? undefined;
}
