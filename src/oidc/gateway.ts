import type { IncomingMessage } from 'node:http';
import type { AccountLevel, AuthFactor, AuthLevel } from '../domain/assurance.ts';
import type { PageContext } from '../web/page-context.ts';

/** The citizen's session at the provider: the one that signs her in to relying parties is the one that opens our own pages. */
export type CitizenSession = {
  uid: string;
  accountId: string;
  authLevel: AuthLevel;
  factors: AuthFactor[];
  signedInAt: Date;
};

export type SessionSummary = {
  uid: string;
  signedInAt: Date;
  expiresAt: Date;
  authLevel: AuthLevel;
  clientIds: string[];
};

/** What a page may say about the relying party that asks. */
export type AskingClient = {
  id: string;
  name: { vi: string; en: string };
  purpose: { vi: string; en: string };
  leastAccountLevel: AccountLevel;
  leastAuthLevel: AuthLevel;
  /** What the service cannot do without; other scopes are voluntary. */
  essentialScopes: string[];
  hasLegalBasis: boolean;
  /** Origin of this request's redirect URI: the only foreign place a form of the interaction may end at. */
  redirectOrigin: string;
};

/** One authorization request that waits for the citizen. */
export type InteractionView = {
  uid: string;
  /** What is missing: a sign-in (or a stronger one), an account that may use the service, or consent. */
  prompt: 'login' | 'eligibility' | 'consent';
  /** The checks that did not pass, by their reason. */
  reasons: string[];
  client: AskingClient;
  /** The strength this request needs; `cannot_be_met` when an essential acr is beyond what the provider offers. */
  requiredAuthLevel: AuthLevel | 'cannot_be_met';
  hasEssentialAcr: boolean;
  /** A session that exists but does not suffice (step-up), or suffices (consent). With prompt=login or an exceeded max_age it must not be built upon: `mustSignInAgain`. */
  session?: CitizenSession;
  mustSignInAgain: boolean;
  /** Prefill for the citizen id field: what the relying party hinted; may be anything, never logged. */
  loginHint?: string;
  /** The request's `ui_locales`, as sent: the pages are not under the address that carried it. */
  uiLocales?: string;
  /** For prompt `consent`: what is asked now and was never answered, and what stands already. */
  consent?: {
    scopes: string[];
    claims: string[];
    essentialClaims: string[];
    givenScopes: string[];
    givenClaims: string[];
  };
};

export type FinishedLogin = { accountId: string; factors: readonly AuthFactor[]; signedInAt: Date };
export type FinishedConsent = {
  accountId: string;
  clientId: string;
  scopes: string[];
  claims: string[];
  refusedScopes: string[];
  refusedClaims: string[];
  grantedResourceScopes?: string[];
};
export type FinishedError = {
  error: 'access_denied' | 'unmet_authentication_requirements' | 'login_required';
  description: string;
};

/** Everything our features may ask of the protocol engine. `assemble.ts` hands each feature the functions it names. */
export type OidcGateway = {
  /** Whom an access token of the client_credentials grant was issued to, and for what. Undefined when it is unknown, over, or a person's. */
  findMachineToken(token: string): Promise<{ clientId: string; scopes: readonly string[] } | undefined>;
  /** Undefined without a live session, or when its account is locked or closed. */
  currentSession(ctx: PageContext): Promise<CitizenSession | undefined>;
  listSessions(accountId: string): Promise<SessionSummary[]>;
  /** Ends one session of this account with its back-channel logouts. @returns false when it is not this account's. */
  endSession(accountId: string, sessionUid: string): Promise<boolean>;
  /** Ends every session, grant and refresh token of an account and queues back-channel logouts; idempotent. `exceptSessionUid` keeps the one in which the citizen acts. */
  endAccess(accountId: string, options?: { exceptSessionUid?: string; keepGrants?: boolean }): Promise<void>;
  /** Ends what one relying party got by consent: its grant, refresh and access tokens; queues its back-channel logout. */
  endGrant(accountId: string, clientId: string): Promise<void>;
  /** Undefined when the interaction is over, unknown or another browser's. */
  findInteraction(ctx: PageContext): Promise<InteractionView | undefined>;
  /** The same ahead of the pages, for a browser in which nobody is signed in; undefined also where the pages have to look. */
  findInteractionAhead(request: IncomingMessage): Promise<InteractionView | undefined>;
  /** After `findInteractionAhead`: sends her back to the service at once, where nothing else is to be asked. `record` is called when that is certain; what it saves is durable,
   *  too, when this settles. @returns where to, with the header lines of her session's cookie. Undefined, with nothing done, where `finishLogin` has to go on. */
  finishLoginAhead(
    request: IncomingMessage,
    login: FinishedLogin,
    record: () => Promise<void>,
  ): Promise<{ to: string; cookies: readonly string[] } | undefined>;
  /** Each answers with the redirect that resumes the authorization request. */
  finishLogin(ctx: PageContext, login: FinishedLogin): Promise<void>;
  /** @returns the grant that it became: a consent's receipt names it. */
  finishConsent(ctx: PageContext, consent: FinishedConsent): Promise<{ grantId: string }>;
  finishError(ctx: PageContext, error: FinishedError): Promise<void>;
};
