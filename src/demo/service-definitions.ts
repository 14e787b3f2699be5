/** A demo relying party. The ids and ports are promised to other people's scripts. */
export type ServiceId = 'ihanoi' | 'so-suc-khoe' | 'ly-lich-tu-phap';

/** `sign_in`: city portal. `residence`: its step-up. `offline`: with a refresh token. `visit`: health book. `record`: judicial record. */
export type RequestName = 'sign_in' | 'offline' | 'residence' | 'visit' | 'record';

/** What an authorization request of a service asks for, beside what every one of them has (state, nonce, PKCE). */
export type SignInRequest = {
  readonly scope: string;
  /** Voluntary goes into `acr_values`, essential into the `claims` parameter. The service checks the answer either way. */
  readonly acr: { readonly level: 1 | 2; readonly isEssential: boolean };
  readonly leastAccountLevel: 1 | 2;
  readonly prompt?: 'login' | 'consent';
  readonly maxAgeSeconds?: number;
  /** The access token is then a JWT for this resource and not for userinfo (RFC 8707). */
  readonly resource?: string;
  /** Where the person goes when it worked. */
  readonly returnTo: string;
};

/** The secrets are those of the sandbox's ready clients: public knowledge, worth nothing outside of it. */
export type ClientAuthentication =
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly secret: string }
  | { readonly method: 'private_key_jwt' };

export type DemoService = {
  readonly id: ServiceId;
  readonly portKey: 'DEMO_IHANOI_PORT' | 'DEMO_HEALTH_PORT' | 'DEMO_JUDICIAL_PORT';
  readonly defaultPort: number;
  readonly authentication: ClientAuthentication;
  /** Sends its requests from server to server first (PAR, RFC 9126). */
  readonly isPushed: boolean;
  readonly requests: Readonly<Partial<Record<RequestName, SignInRequest>>>;
  /** The one behind "sign in". */
  readonly firstRequest: RequestName;
};

export const HEALTH_BOOK_RESOURCE = 'urn:vn:eid:resource:health_book';
export const HEALTH_BOOK_SCOPE = 'health_book';

const CITY_PORTAL: DemoService = {
  id: 'ihanoi',
  portKey: 'DEMO_IHANOI_PORT',
  defaultPort: 3001,
  authentication: { method: 'client_secret_basic', secret: 'ihanoi-secret' },
  isPushed: false,
  firstRequest: 'sign_in',
  requests: {
    sign_in: {
      scope: 'openid profile account',
      acr: { level: 1, isEssential: false },
      leastAccountLevel: 1,
      returnTo: '/',
    },
    offline: {
      scope: 'openid profile account offline_access',
      acr: { level: 1, isEssential: false },
      leastAccountLevel: 1,
      // Without it the provider must ignore offline_access (OpenID Connect Core 11).
      prompt: 'consent',
      returnTo: '/received',
    },
    residence: {
      scope: 'openid profile account phone residence',
      acr: { level: 2, isEssential: true },
      leastAccountLevel: 2,
      returnTo: '/form',
    },
  },
};

const HEALTH_BOOK: DemoService = {
  id: 'so-suc-khoe',
  portKey: 'DEMO_HEALTH_PORT',
  defaultPort: 3002,
  authentication: { method: 'client_secret_post', secret: 'so-suc-khoe-secret' },
  isPushed: false,
  firstRequest: 'visit',
  requests: {
    visit: {
      scope: `openid profile ${HEALTH_BOOK_SCOPE}`,
      acr: { level: 2, isEssential: true },
      leastAccountLevel: 2,
      // Per visit: what was agreed to last time is asked again.
      prompt: 'consent',
      resource: HEALTH_BOOK_RESOURCE,
      returnTo: '/',
    },
  },
};

const JUDICIAL_RECORD: DemoService = {
  id: 'ly-lich-tu-phap',
  portKey: 'DEMO_JUDICIAL_PORT',
  defaultPort: 3003,
  authentication: { method: 'private_key_jwt' },
  isPushed: true,
  firstRequest: 'record',
  requests: {
    record: {
      scope: 'openid profile phone citizen_id nationality residence',
      acr: { level: 2, isEssential: true },
      leastAccountLevel: 2,
      prompt: 'login',
      // prompt=login alone could be taken out by whoever holds the browser; auth_time proves it. Not 0: reading the consent takes a while.
      maxAgeSeconds: 300,
      returnTo: '/form',
    },
  },
};

export const SERVICES: readonly DemoService[] = [CITY_PORTAL, HEALTH_BOOK, JUDICIAL_RECORD];

/** Weakest first. An outsider's own copy: it is part of the provider's documentation. */
const ACR_ORDER = ['urn:vn:eid:auth:1', 'urn:vn:eid:auth:2', 'urn:vn:eid:auth:3', 'urn:vn:eid:auth:4'] as const;

export function acrOfLevel(level: 1 | 2): string {
  return ACR_ORDER[level - 1] ?? ACR_ORDER[0];
}

/** 1 to 4; 0 for a value that is absent or unknown, which is less than anything asked. */
export function levelOfAcr(acr: unknown): number {
  return (ACR_ORDER as readonly unknown[]).indexOf(acr) + 1;
}
