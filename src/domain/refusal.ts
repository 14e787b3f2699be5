/** HTTP status of each refusal. The code is also the text's key: `refusal.<code>`. */
const STATUS_OF_REFUSAL = {
  malformed_request: 400,
  sign_in_required: 401,
  forbidden: 403,
  forged_request: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  attempt_over: 410,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_field: 422,
  too_many_requests: 429,
  unexpected: 500,
  busy: 503,
  not_ready: 503,
  maintenance: 503,
  interrupted: 503,
} as const satisfies Record<string, number>;

/** Why a request is refused; one code for each remedy, not for each message. */
export type RefusalCode = keyof typeof STATUS_OF_REFUSAL;

/** Thrown only where nothing should be saved: it rolls the transaction back. Outcomes that must save something (a counted try)
 *  are returned. Carries no value that a person typed. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  /** Name of the form field at fault; undefined where there is none. */
  readonly field: string | undefined;

  constructor(code: RefusalCode, options: { readonly field?: string; readonly cause?: unknown } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Refusal';
    this.code = code;
    this.status = STATUS_OF_REFUSAL[code];
    this.field = options.field;
  }
}

/** The one `error_description` with which every `access_denied` goes back to a relying party: it does not learn whether the person declined, or is locked, dead,
 *  a child, or at level 1. */
export const ACCESS_DENIED_TEXT =
  'access was not granted: the person declined, or the account cannot be used for this service';
