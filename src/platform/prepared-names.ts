import { createHash } from 'node:crypto';

/** A statement as the driver of PostgreSQL takes it. */
export type Named = { name: string; text: string };

const byText = new Map<string, Named>();
let generation = 0;

/** PostgreSQL keeps a prepared statement by its name, which says what it is: behind a pooler another process may have prepared it. */
export function named(sql: string): Named {
  const known = byText.get(sql);
  if (known !== undefined) return known;
  const [first = '', ...rest] = sql.split('?');
  const text = rest.reduce((made, part, index) => `${made}$${index + 1}${part}`, first);
  const said = generation === 0 ? text : `${generation} ${text}`;
  const made = { name: createHash('sha256').update(said).digest('hex').slice(0, 32), text };
  byText.set(sql, made);
  return made;
}

/** A table has got a column since `select *` was prepared: the connection refuses that statement from then on, by its name. */
export function isOutdated(error: Error & { code?: unknown }): boolean {
  return error.code === '0A000' && error.message.includes('cached plan');
}

/** From now on every statement has another name, and is prepared as the tables are. */
export function prepareAnew(): void {
  generation += 1;
  byText.clear();
}
