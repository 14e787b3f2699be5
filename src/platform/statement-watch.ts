/** Looks at a statement of one request as it begins; what it gives is called when the statement has ended. */
export type StatementWatch = (sql: string) => (isFailed: boolean) => void;

/** @returns undefined when the statements of what is done now are of no interest. */
export type FindWatch = () => StatementWatch | undefined;

const finders = new Set<FindWatch>();

/** The statements of `prepared-queries.ts`, of which the query builder says nothing, for tracing. @returns what ends it. */
export function watchStatements(find: FindWatch): () => void {
  finders.add(find);
  return () => void finders.delete(find);
}

/** To be asked where a request asks for a statement: when it is run, that of another one may be answered. */
export function watchOfNow(): StatementWatch | undefined {
  for (const find of finders) {
    const watch = find();
    if (watch !== undefined) return watch;
  }
  return undefined;
}

/** What a driver's connection does, under `watch`. */
export function watchedAtOnce<T>(watch: StatementWatch, sql: string, run: () => T): T {
  const ended = watch(sql);
  let isFailed = true;
  try {
    const answer = run();
    isFailed = false;
    return answer;
  } finally {
    ended(isFailed);
  }
}

/** Like `watchedAtOnce`, until the answer is there. */
export async function watchedUntilDone<T>(watch: StatementWatch, sql: string, run: () => Promise<T>): Promise<T> {
  const ended = watch(sql);
  let isFailed = true;
  try {
    const answer = await run();
    isFailed = false;
    return answer;
  } finally {
    ended(isFailed);
  }
}
