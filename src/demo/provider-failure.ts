import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';

/** Errors that a person or an integrator can do something about; each has its meaning and its remedy in the texts. */
const CODES_OF_PROVIDER = [
  'access_denied',
  'unmet_authentication_requirements',
  'login_required',
  'consent_required',
  'interaction_required',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'invalid_client',
  'unauthorized_client',
  'invalid_grant',
  'invalid_token',
  'insufficient_scope',
  'temporarily_unavailable',
  'server_error',
] as const;

type CodeOfProvider = (typeof CODES_OF_PROVIDER)[number] | 'other';
type CodeOfOurs = 'state_unknown' | 'provider_unreachable' | 'response_invalid' | 'acr_too_low';

export type ProviderFailure = {
  /** Of the texts `demo.failure_<code>`. */
  readonly code: CodeOfProvider | CodeOfOurs;
  /** As it came; differs from `code` when that is `other`. */
  readonly original: string;
  readonly description?: string | undefined;
  /** False for a check of our own that did not pass. */
  readonly isFromProvider: boolean;
};

export function failureOfOurs(code: CodeOfOurs, description?: string): ProviderFailure {
  return { code, original: code, description, isFromProvider: false };
}

function failureOfProvider(original: string, description?: string): ProviderFailure {
  const code = CODES_OF_PROVIDER.find((one) => one === original) ?? 'other';
  return { code, original, description, isFromProvider: true };
}

/** What an error of openid-client means. @throws what is not one: a fault of this program. */
export function explainFailure(error: unknown): ProviderFailure {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError)
    return failureOfProvider(error.error, error.error_description);
  if (error instanceof WWWAuthenticateChallengeError) return failureOfChallenge(error);
  if (isUnanswered(error)) return failureOfOurs('provider_unreachable');
  if (error instanceof ClientError) return failureOfOurs('response_invalid', error.message);
  throw error;
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function failureOfChallenge({ cause }: WWWAuthenticateChallengeError): ProviderFailure {
  const { error = 'invalid_token', error_description: description } = cause[0]?.parameters ?? {};
  return failureOfProvider(error, description);
}

/** fetch throws a TypeError for what never became an answer; a timeout, or an error page of a proxy, is none either. */
function isUnanswered(error: unknown): boolean {
  if (error instanceof TypeError) return error.message === 'fetch failed';
  return error instanceof ClientError && UNANSWERED.has(error.code ?? '');
}

const UNANSWERED: ReadonlySet<string> = new Set(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);
