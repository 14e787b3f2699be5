/** How one of oidc-provider's models is kept. */
export type ModelTraits = {
  name: string;
  table: string;
  /** 'short' may live in Redis; 'durable' is always in SQL. */
  life: 'short' | 'durable';
  /** Dies with its group: a token with its grant, a session with its uid. */
  group: 'grantId' | 'uid' | undefined;
  isConsumable: boolean;
  /** Ids that may be stored once only: a second one is a replay. */
  isUnique: boolean;
  /** Carries a service's request parameters, where a `login_hint` may hold a citizen id: sealed at rest. */
  isSealed: boolean;
  hasAccount: boolean;
  hasClient: boolean;
  hasUserCode: boolean;
};

const plain = {
  life: 'short',
  group: undefined,
  isConsumable: false,
  isUnique: false,
  isSealed: false,
  hasAccount: false,
  hasClient: false,
  hasUserCode: false,
} as const;

const token = { ...plain, group: 'grantId' } as const;

/** Every model of oidc-provider but 'Client'. @see node_modules/oidc-provider/lib/models */
export const ARTIFACT_MODELS: readonly ModelTraits[] = [
  { ...plain, name: 'Session', table: 'session', group: 'uid', hasAccount: true },
  { ...plain, name: 'Interaction', table: 'interaction', isSealed: true },
  { ...plain, name: 'Grant', table: 'account_grant', life: 'durable', hasAccount: true, hasClient: true },
  { ...token, name: 'AuthorizationCode', table: 'authorization_code', isConsumable: true },
  { ...token, name: 'AccessToken', table: 'access_token' },
  { ...token, name: 'RefreshToken', table: 'refresh_token', life: 'durable', isConsumable: true },
  { ...plain, name: 'ClientCredentials', table: 'client_credentials' },
  {
    ...plain,
    name: 'PushedAuthorizationRequest',
    table: 'pushed_authorization_request',
    isConsumable: true,
    isSealed: true,
  },
  { ...plain, name: 'ReplayDetection', table: 'replay_detection', isUnique: true },
  { ...token, name: 'DeviceCode', table: 'device_code', isConsumable: true, isSealed: true, hasUserCode: true },
  {
    ...token,
    name: 'BackchannelAuthenticationRequest',
    table: 'backchannel_authentication_request',
    isConsumable: true,
    isSealed: true,
  },
  { ...token, name: 'PreAuthorizedCode', table: 'pre_authorized_code', isConsumable: true },
  { ...plain, name: 'InitialAccessToken', table: 'initial_access_token', life: 'durable' },
  { ...plain, name: 'RegistrationAccessToken', table: 'registration_access_token', life: 'durable' },
];

const byName = new Map(ARTIFACT_MODELS.map((traits) => [traits.name, traits]));

export function artifactModel(name: string): ModelTraits {
  const traits = byName.get(name);
  if (traits === undefined) throw new Error(`no storage is designed for the model ${name}`);
  return traits;
}
