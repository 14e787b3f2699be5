/** The months (YYYY-MM) in which something happened, and the one asked for, in their order. */
export function monthsOf(happened: Iterable<string>, to: string): string[] {
  return [...new Set([...happened, to])].filter((month) => month !== '').toSorted();
}
