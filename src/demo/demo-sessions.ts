import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { PendingSignIn } from './provider-client.ts';
import type { Json, Received } from './received.ts';

const MOST_SESSIONS = 5_000;
const SESSION_MS = 60 * 60_000;
const SIGN_IN_MS = 30 * 60_000;

export type DemoSession = {
  readonly id: string;
  /** Hidden in every form of this session. */
  readonly csrfToken: string;
  readonly received: Received;
};

export type DemoSessions = ReturnType<typeof createDemoSessions>;

/** In memory, for an hour at most, the least used forgotten first: a restart of the demo signs everybody out of it. */
export function createDemoSessions() {
  const sessions = new LRUCache<string, DemoSession>({ max: MOST_SESSIONS, ttl: SESSION_MS });
  /** By the session that a logout token ended, so that its browser can be told why. */
  const ended = new LRUCache<string, Json>({ max: MOST_SESSIONS, ttl: SESSION_MS });
  const pending = new LRUCache<string, { signIn: PendingSignIn; browser: string }>({
    max: MOST_SESSIONS,
    ttl: SIGN_IN_MS,
  });

  return {
    /** Always under a new id, so that none which was known before signing in lives on. */
    open(received: Received): DemoSession {
      const session = { id: newSecret(), csrfToken: newSecret(), received };
      sessions.set(session.id, session);
      return session;
    },
    find: (id: string): DemoSession | undefined => sessions.get(id),
    /** Nothing happens when a logout came in the meantime. */
    change(id: string, more: Partial<Received>): void {
      const session = sessions.get(id);
      if (session !== undefined) sessions.set(id, { ...session, received: { ...session.received, ...more } });
    },
    end(id: string): void {
      sessions.delete(id);
    },
    /** One session at the provider (`sid`), or without it every session of the person. @returns how many ended. */
    endByLogoutToken({
      sid,
      sub,
      claims,
    }: {
      sid?: string | undefined;
      sub?: string | undefined;
      claims: Json;
    }): number {
      const found = [...sessions.values()].filter(({ received: { idTokenClaims } }) =>
        sid === undefined ? idTokenClaims['sub'] === sub : idTokenClaims['sid'] === sid,
      );
      for (const { id } of found) {
        sessions.delete(id);
        ended.set(id, claims);
      }
      return found.length;
    },
    /** The logout token's claims, if one ended this session. */
    whyEnded: (id: string): Json | undefined => ended.get(id),

    remember(signIn: PendingSignIn, browser: string): void {
      pending.set(signIn.state, { signIn, browser });
    },
    /** Once, and only in the browser that started it. */
    take(state: string, browser: string | undefined): PendingSignIn | undefined {
      const found = pending.get(state);
      if (found === undefined || found.browser !== browser) return undefined;
      pending.delete(state);
      return found.signIn;
    },
  };
}

export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}
