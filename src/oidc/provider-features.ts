import type { Configuration } from 'oidc-provider';
import { newSecret } from '../platform/ids.ts';
import { assertClaimsParameter } from './claims-parameter.ts';
import { mayIntrospect } from './may-introspect.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { renderLoggedOut, renderLogout } from './protocol-answers.ts';
import { defaultResource, resourceServerInfo } from './resources.ts';

type Features = NonNullable<Configuration['features']>;

/** Which parts of the protocol are switched on, and what each asks of us. */
export function providerFeatures(deps: OidcDeps): Features {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    // An experiment of the library: `ack` names the version whose behaviour was looked at.
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    userinfo: { enabled: true },
    claimsParameter: {
      enabled: true,
      assertClaimsParameter: (_ctx, claims, client) => assertClaimsParameter(claims, client),
    },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: renderLogout, postLogoutSuccessSource: renderLoggedOut },
    introspection: {
      enabled: true,
      allowedPolicy: (ctx, client, token) => mayIntrospect(deps, ctx.oidc.provider, { client, token }),
    },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    resourceIndicators: {
      enabled: true,
      defaultResource,
      getResourceServerInfo: resourceServerInfo,
      useGrantedResource: () => false,
    },
    registration: {
      enabled: true,
      // In production by a token that the CLI makes; in the sandbox for everyone.
      initialAccessToken: !deps.config.isSandbox,
      // The registration could not be read back whole: the secret is kept as a keyed hash only.
      issueRegistrationAccessToken: false,
      idFactory: () => `dyn-${newSecret(12)}`,
      secretFactory: () => newSecret(),
    },
  };
}
