import { execFileSync } from 'node:child_process';
import { type RedisServer, startRedis, until } from './servers.ts';

export type RedisCluster = {
  /** Masters first. */
  nodes: readonly RedisServer[];
  url: string;
  remove(): Promise<void>;
};

/** Three masters, each with so many replicas. A node that is silent for `nodeTimeoutMs` counts as dead. */
export async function startRedisCluster(replicas = 0, nodeTimeoutMs = 2_000): Promise<RedisCluster> {
  const timing = ['--cluster-node-timeout', String(nodeTimeoutMs), '--repl-diskless-sync-delay', '0'];
  const options = ['--cluster-enabled', 'yes', ...timing];
  const nodes = await Promise.all(Array.from({ length: 3 + 3 * replicas }, () => startRedis(options)));
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const create = ['--cluster', 'create', ...hosts, '--cluster-replicas', String(replicas), '--cluster-yes'];
  execFileSync('redis-cli', create, { stdio: 'ignore' });
  for (const node of nodes)
    await until(async () => String(await node.command('cluster', 'info')).includes('cluster_state:ok'));
  if (replicas > 0) for (const master of nodes.slice(0, 3)) await until(() => isReplicated(master));
  return {
    nodes,
    url: `redis+cluster://${hosts.join(',')}`,
    async remove() {
      await Promise.all(nodes.map((node) => node.remove()));
    },
  };
}

/** Whether a replica has heard of all that the master has done. */
export async function isReplicated(master: RedisServer): Promise<boolean> {
  const facts = String(await master.command('info', 'replication'));
  const [, done] = /master_repl_offset:(\d+)/.exec(facts) ?? [];
  const [, heard] = /slave0:.*state=online,offset=(\d+)/.exec(facts) ?? [];
  return heard !== undefined && heard === done;
}
