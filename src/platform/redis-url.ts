type Kind = 'single' | 'sentinel' | 'cluster';
type Host = { host: string; port: number };
export type RedisAddress = {
  kind: Kind;
  hosts: Host[];
  username: string | undefined;
  password: string | undefined;
  isTls: boolean;
  db: number;
  /** The name that Sentinels know the master by; '' for the other kinds. */
  master: string;
};

const FORM =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?#@]+)\/?(?<path>[^?#]*)$/;
/** The address's path. A cluster has one database. */
const PATH: Record<Kind, RegExp> = {
  single: /^(?<db>\d{0,4})$/,
  sentinel: /^(?<master>[^/]+)(?:\/(?<db>\d{1,4}))?$/,
  cluster: /^(?<db>)$/,
};
const DEFAULT_PORT: Record<Kind, number> = { single: 6_379, cluster: 6_379, sentinel: 26_379 };

/** `redis://user:password@host:6379/0`, `redis+sentinel://host:26379,host2/mymaster/0`, `redis+cluster://host:6379,host2` (some of its nodes are enough), each also
 *  with `rediss` for TLS. User and password are percent-encoded. @returns undefined for anything else. */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  const found = FORM.exec(url)?.groups;
  if (found === undefined) return undefined;
  const kind = (found['kind'] ?? 'single') as Kind;
  const path = PATH[kind].exec(String(found['path']))?.groups;
  const hosts = hostsOf(String(found['hosts']), DEFAULT_PORT[kind]);
  if (path === undefined || hosts === undefined) return undefined;
  if (kind === 'single' && hosts.length > 1) return undefined;
  return {
    kind,
    hosts,
    username: textOf(found['user']),
    password: textOf(found['password']),
    isTls: found['tls'] === 's',
    db: Number(path['db'] ?? 0),
    master: path['master'] ?? '',
  };
}

/** @returns undefined when one of them is none. */
function hostsOf(list: string, otherwise: number): Host[] | undefined {
  const hosts: Host[] = [];
  for (const text of list.split(',')) {
    const found = /^(?:\[(?<v6>[\da-fA-F:]+)\]|(?<name>[^:[\]]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups;
    const host = found?.['v6'] ?? found?.['name'];
    if (host === undefined) return undefined;
    hosts.push({ host, port: Number(found?.['port'] ?? otherwise) });
  }
  return hosts;
}

function textOf(part: string | undefined): string | undefined {
  if (part === undefined || part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
