/** Thrown in place of asking a store that is known not to answer. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** SQLSTATE 08 (connection), 53 (resources, a full disk among them), 57P0x (shut down, starting), 57014 (statement timeout), 25P03 (idle in a transaction), and
 *  what is left of 40001/40P01 after the tries; the codes of SQLite and of the system. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CODES =
  /^(?:08...|53...|57P0.|57014|25P03|25006|40001|40P01|SQLITE_(?:FULL|BUSY|LOCKED|IOERR|CANTOPEN|READONLY)\w*|E(?:CONNREFUSED|CONNRESET|CONNABORTED|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN|NOSPC))$/;
const NAMES = new Set([
  'StoreUnavailable',
  'KnexTimeoutError',
  'TimeoutError',
  'MaxRetriesPerRequestError',
  'ClusterAllFailedError',
]);
/** Of ioredis and pg, which give these no code (knex puts the statement in front); then Redis's own answers (full, loading, without a master, no longer the master). */
const MESSAGES =
  /(?:^| - )(?:Command timed out|Command aborted|Connection is closed|Stream isn't writeable|Cluster isn't ready|All sentinels are unreachable|Connection terminated|Query read timeout|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|OOM |LOADING |BUSY |MASTERDOWN |CLUSTERDOWN |TRYAGAIN |READONLY |MISCONF |NOREPLICAS )/;

/** Whether it failed because a store does not answer, is full or is busy: the same request may go well in a moment. */
export function isStoreOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && CODES.test(String(error.code))) return true;
  return NAMES.has(error.name) || MESSAGES.test(error.message);
}

/** Of those, what breaks or goes silent after a command was sent. Any other is the store's own no, or a command that never left. */
const CUT_OFF =
  /^(?:08...|57P0.|E(?:CONNRESET|CONNABORTED|PIPE|TIMEDOUT))$|(?:^| - )(?:Command timed out|Command aborted|Connection is closed|Connection terminated|Query read timeout)|^MaxRetriesPerRequestError$/;

/** Whether it failed in a way that leaves open whether it was done. */
export function mayHaveBeenDone(error: unknown): boolean {
  if (!(error instanceof Error) || !isStoreOutage(error)) return false;
  return [error.name, error.message, 'code' in error ? String(error.code) : ''].some((text) => CUT_OFF.test(text));
}
