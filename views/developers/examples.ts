// The pair of RFC 7636, appendix B: an example that everybody can check.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const SANDBOX_CLIENT = {
  id: 'sandbox-web',
  credentials: 'sandbox-web:sandbox-web-secret',
  machine: 'sandbox-machine:sandbox-machine-secret',
  redirect: 'http://localhost:8080/callback',
  hint: ' \\\n  -d login_hint=persona:l2-active',
};
const YOUR_CLIENT = {
  id: 'my-client',
  credentials: 'my-client:$CLIENT_SECRET',
  machine: 'my-machine:$CLIENT_SECRET',
  redirect: 'https://service.example/callback',
  hint: '',
};

export type ExampleKey =
  | 'code'
  | 'token'
  | 'userinfo'
  | 'register'
  | 'refresh'
  | 'machine'
  | 'resource'
  | 'par'
  | 'privateKeyJwt'
  | 'assertion'
  | 'logout'
  | 'essentialAcr';

/** What an integrator pastes. In the sandbox each command runs as it stands, once the … of the step before is filled in. */
export function examples(issuer: string, isSandbox: boolean): Readonly<Record<ExampleKey, string>> {
  const { id, credentials, machine, redirect, hint } = isSandbox ? SANDBOX_CLIENT : YOUR_CLIENT;
  const pkce = `-d code_challenge=${CHALLENGE} -d code_challenge_method=S256`;
  const authorize = `curl -s -o /dev/null -w '%{redirect_url}\\n' -G ${issuer}/authorize \\
  -d client_id=${id} -d response_type=code -d redirect_uri=${redirect}`;
  return {
    code: `${authorize} \\
  --data-urlencode 'scope=openid profile account' -d state=my-state -d nonce=my-nonce \\
  ${pkce}${hint}`,

    token: `CODE=…
curl -s ${issuer}/token -u "${credentials}" \\
  -d grant_type=authorization_code -d code=$CODE -d redirect_uri=${redirect} \\
  -d code_verifier=${VERIFIER}`,

    userinfo: `ACCESS_TOKEN=…
curl -s ${issuer}/userinfo -H "Authorization: Bearer $ACCESS_TOKEN"`,

    register: `curl -s ${issuer}/register -H 'Content-Type: application/json' -d '{
  "client_name": "My service",
  "redirect_uris": ["${redirect}"],
  "token_endpoint_auth_method": "client_secret_basic"
}'`,

    refresh: `REFRESH_TOKEN=…
curl -s ${issuer}/token -u "${credentials}" \\
  -d grant_type=refresh_token -d refresh_token=$REFRESH_TOKEN`,

    machine: `curl -s ${issuer}/token -u "${machine}" -d grant_type=client_credentials`,

    resource: `${authorize} \\
  --data-urlencode 'scope=openid health_book' -d resource=urn:vn:eid:resource:health_book \\
  ${pkce}${hint}`,

    par: `curl -s ${issuer}/par -u "${credentials}" \\
  -d client_id=${id} -d response_type=code --data-urlencode 'scope=openid profile' -d redirect_uri=${redirect} \\
  ${pkce}${hint}

REQUEST_URI=…
curl -s -o /dev/null -w '%{redirect_url}\\n' -G ${issuer}/authorize \\
  -d client_id=${id} -d request_uri=$REQUEST_URI`,

    privateKeyJwt: `CLIENT_ASSERTION=…
curl -s ${issuer}/token \\
  -d grant_type=authorization_code -d code=$CODE -d redirect_uri=… -d code_verifier=… \\
  -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \\
  -d client_assertion=$CLIENT_ASSERTION`,

    assertion: `{
  "iss": "my-client",
  "sub": "my-client",
  "aud": "${issuer}",
  "jti": "a random value, used once",
  "iat": 1767225600,
  "exp": 1767225660
}`,

    logout: `${issuer}/logout?id_token_hint=…&post_logout_redirect_uri=…&state=…`,

    essentialAcr: `{"id_token": {"acr": {"essential": true, "values": ["urn:vn:eid:auth:2"]}}}`,
  };
}
