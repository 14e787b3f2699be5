/** How the person signed in, for whoever is shown the token (RFC 9068 section 2.2.1, RFC 9470 section 6.2). `source`: the code or refresh token it was made of. */
export function strengthOf(
  source: { acr?: string | undefined; authTime?: number | undefined } | undefined,
): { acr: string; auth_time: number } | undefined {
  if (source?.acr === undefined || source.authTime === undefined) return undefined;
  return { acr: source.acr, auth_time: source.authTime };
}
