/** The page of one unit. */
export function unitHref(code: string): string {
  return `/statistics/units/${encodeURIComponent(code)}`;
}
