import { REPORT_SCOPE } from '../domain/rp-total.ts';
import type { ClientRecord } from './client-store.ts';

/** A client that is there from the start. `secret` is public knowledge where it is set: sandbox only. */
export type ReadyClient = Omit<ClientRecord, 'createdAt' | 'disabledAt' | 'secretHmac'> & { secret?: string };

export type ReadyClientsConfig = {
  issuer: string;
  isSandbox: boolean;
  demoIhanoiPort: number;
  demoHealthPort: number;
  demoJudicialPort: number;
};

const plain = {
  leastAccountLevel: 1,
  leastAuthLevel: 1,
  essentialScopes: ['openid'] as string[],
  claimNames: 'standard',
  mayIntrospectAll: false,
} as const;

const CODE_FLOW = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  id_token_signed_response_alg: 'ES256',
};

/** Our own pages sign citizens in as a client of the provider. Nobody knows its secret: the code is never redeemed. */
export const OWN_CLIENT_ID = 'dinhdanh-account';

export function readyClients(config: ReadyClientsConfig): ReadyClient[] {
  const own: ReadyClient = {
    ...plain,
    id: OWN_CLIENT_ID,
    origin: 'own',
    essentialScopes: ['openid'],
    name: { vi: 'Tài khoản của tôi', en: 'My account' },
    purpose: { vi: 'Xem và quản lý tài khoản định danh của bạn', en: 'To see and manage your identity account' },
    metadata: {
      ...CODE_FLOW,
      grant_types: ['authorization_code'],
      redirect_uris: [`${config.issuer}/account/enter`],
      post_logout_redirect_uris: [`${config.issuer}/`],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid',
    },
  };
  return config.isSandbox ? [own, ...sandboxClients(), ...demoClients(config)] : [own];
}

function sandboxClients(): ReadyClient[] {
  const redirects = {
    redirect_uris: ['http://localhost:8080/callback'],
    post_logout_redirect_uris: ['http://localhost:8080/', 'http://localhost:8080/signed-out'],
  };
  const purpose = { vi: 'Thử nghiệm tích hợp', en: 'To try an integration' };
  return [
    {
      ...plain,
      id: 'sandbox-web',
      origin: 'sandbox',
      name: { vi: 'Dịch vụ thử nghiệm (web)', en: 'Sandbox web service' },
      purpose,
      secret: 'sandbox-web-secret',
      legalBasis: 'sandbox: a made-up legal basis, so that the citizen_id scope can be tried',
      metadata: { ...CODE_FLOW, ...redirects, token_endpoint_auth_method: 'client_secret_basic' },
    },
    {
      ...plain,
      id: 'sandbox-spa',
      origin: 'sandbox',
      name: { vi: 'Dịch vụ thử nghiệm (một trang)', en: 'Sandbox single-page service' },
      purpose,
      metadata: { ...CODE_FLOW, ...redirects, token_endpoint_auth_method: 'none' },
    },
    {
      ...plain,
      id: 'sandbox-machine',
      origin: 'sandbox',
      name: { vi: 'Hệ thống thử nghiệm', en: 'Sandbox machine' },
      purpose,
      secret: 'sandbox-machine-secret',
      reportsFor: 'ly-lich-tu-phap',
      metadata: {
        scope: REPORT_SCOPE,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        subject_type: 'public',
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
      },
    },
  ];
}

function demoClients(config: ReadyClientsConfig): ReadyClient[] {
  const addresses = (port: number): Record<string, unknown> => {
    const base = `http://localhost:${port}`;
    return {
      ...CODE_FLOW,
      redirect_uris: [`${base}/callback`],
      post_logout_redirect_uris: [`${base}/`, `${base}/signed-out`],
      backchannel_logout_uri: `${base}/backchannel-logout`,
      backchannel_logout_session_required: true,
    };
  };
  return [
    {
      ...plain,
      id: 'ihanoi',
      origin: 'sandbox',
      name: { vi: 'Công dân Thủ đô số iHaNoi', en: 'iHaNoi city portal' },
      purpose: {
        vi: 'Đăng nhập cổng thành phố và điền sẵn biểu mẫu khi bạn mở',
        en: 'To sign in to the city portal, and to prefill a form when you open one',
      },
      secret: 'ihanoi-secret',
      metadata: { ...addresses(config.demoIhanoiPort), token_endpoint_auth_method: 'client_secret_basic' },
    },
    {
      ...plain,
      id: 'so-suc-khoe',
      origin: 'sandbox',
      name: { vi: 'Sổ sức khỏe điện tử', en: 'Electronic health book' },
      purpose: { vi: 'Mở sổ sức khỏe của bạn trong lần khám này', en: 'To open your health book for this visit' },
      leastAccountLevel: 2,
      leastAuthLevel: 2,
      essentialScopes: ['openid', 'profile', 'health_book'],
      secret: 'so-suc-khoe-secret',
      metadata: { ...addresses(config.demoHealthPort), token_endpoint_auth_method: 'client_secret_post' },
    },
    {
      ...plain,
      id: 'ly-lich-tu-phap',
      origin: 'sandbox',
      name: { vi: 'Phiếu lý lịch tư pháp', en: 'Judicial record' },
      purpose: {
        vi: 'Điền sẵn tờ khai yêu cầu cấp Phiếu lý lịch tư pháp',
        en: 'To prefill your application for a judicial record',
      },
      leastAccountLevel: 2,
      leastAuthLevel: 2,
      essentialScopes: ['openid', 'profile', 'citizen_id', 'judicial_record'],
      legalBasis: 'Luật Lý lịch tư pháp 28/2009/QH12',
      metadata: {
        ...addresses(config.demoJudicialPort),
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks_uri: `http://localhost:${config.demoJudicialPort}/jwks.json`,
        require_pushed_authorization_requests: true,
        require_auth_time: true,
      },
    },
  ];
}
