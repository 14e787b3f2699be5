import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { AnswerModel, Part, ReceivedModel, TokenModel } from '../../views/demo/received.ts';
import { instantText } from '../i18n/dates.ts';
import type { Locale, TextKey, Translate } from '../i18n/translator.ts';
import { vi } from '../i18n/vi.ts';
import type { Answer, Json, Received, Tokens } from './received.ts';
import { type DemoService, levelOfAcr } from './service-definitions.ts';

type Reader = { readonly locale: Locale; readonly t: Translate };

const INSTANTS: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);
const FACTORS = {
  pwd: 'demo.received_amr_pwd',
  sms: 'demo.received_amr_sms',
  otp: 'demo.received_amr_otp',
  mfa: 'demo.received_amr_mfa',
} as const satisfies Record<string, TextKey>;
const LONGEST_TOKEN_SHOWN = 16;

/** One sign-in, ready to be shown: each part with what it means. */
export function describeReceived(service: DemoService, received: Received, reader: Reader): ReceivedModel {
  const { request, pushed, answer, tokens, idTokenClaims, userinfo, introspection, refreshed } = received;
  return {
    request: partsOf(request, reader),
    pushed: pushed && partsOf(pushed, reader),
    answer: partsOf(shorten(answer, ['code'], reader), reader),
    authentication: service.authentication.method,
    tokens: partsOf(tokenResponse(received, reader), reader),
    idToken: describeJwt(tokens.idToken, reader),
    strength: strengthOf(idTokenClaims, reader),
    accessToken: isJwt(tokens.accessToken) ? describeJwt(tokens.accessToken, reader) : undefined,
    refresh: {
      kind: refreshKindOf(tokens),
      isLongerOffered: service.requests.offline !== undefined && received.requestName !== 'offline',
      last: refreshed && describeAnswer(refreshed, reader),
    },
    userinfo: userinfo && describeAnswer(userinfo, reader),
    introspection: introspection && describeAnswer(introspection, reader),
  };
}

function refreshKindOf({ refreshToken, isRefreshTokenDropped }: Tokens): ReceivedModel['refresh']['kind'] {
  if (refreshToken !== undefined) return 'kept';
  return isRefreshTokenDropped === true ? 'dropped' : 'none';
}

function tokenResponse({ tokens }: Received, reader: Reader): Json {
  const response = {
    token_type: tokens.tokenType,
    expires_in: tokens.expiresInSeconds,
    scope: tokens.scope,
    id_token: tokens.idToken,
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
  };
  const given = Object.fromEntries(Object.entries(response).filter(([, value]) => value !== undefined));
  return shorten(given, ['id_token', 'access_token', 'refresh_token'], reader);
}

/** What opens something is named, not shown. */
function shorten(json: Json, secrets: readonly string[], { t }: Reader): Json {
  const shown = ([name, value]: [string, unknown]): [string, unknown] =>
    secrets.includes(name) && typeof value === 'string'
      ? [name, t('demo.received_shortened', { start: value.slice(0, LONGEST_TOKEN_SHOWN), length: value.length })]
      : [name, value];
  return Object.fromEntries(Object.entries(json).map(shown));
}

function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

function describeJwt(token: string, reader: Reader): TokenModel {
  const payload = decodeJwt(token);
  return {
    header: prettyJson(decodeProtectedHeader(token)),
    payload: prettyJson(payload),
    parts: partsOf(payload, reader),
    raw: token,
  };
}

function describeAnswer(answer: Answer, reader: Reader): AnswerModel {
  if (answer.kind === 'answered')
    return { kind: 'answered', json: prettyJson(answer.body), parts: partsOf(answer.body, reader) };
  const { code, original, description } = answer.failure;
  return { kind: 'failed', code, original, description };
}

function strengthOf({ acr, amr, auth_time: authTime }: Json, { locale, t }: Reader): ReceivedModel['strength'] {
  const factors = Array.isArray(amr) ? amr.map(String) : [];
  return {
    level: levelOfAcr(acr),
    factors: factors.map((factor) => (isFactor(factor) ? t(FACTORS[factor]) : factor)),
    authTime: typeof authTime === 'number' ? instantText(locale, new Date(authTime * 1000)) : undefined,
  };
}

function isFactor(text: string): text is keyof typeof FACTORS {
  return Object.hasOwn(FACTORS, text);
}

function partsOf(json: Json, reader: Reader): Part[] {
  return Object.entries(json).map(([name, value]) => ({
    name,
    value: valueText(name, value, reader),
    meaning: meaningOf(name),
  }));
}

function valueText(name: string, value: unknown, { locale }: Reader): string {
  if (INSTANTS.has(name) && typeof value === 'number')
    return `${value} (${instantText(locale, new Date(value * 1000))})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function meaningOf(name: string): TextKey {
  const key = `demo.means_${name}`;
  return Object.hasOwn(vi, key) ? (key as TextKey) : 'demo.means_other';
}

function prettyJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
