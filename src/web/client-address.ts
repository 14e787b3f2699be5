import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type Koa from 'koa';

const NETWORK_GROUPS = 4;

/** Where a request came from, as limits count it. A household is given 2^64 IPv6 addresses, so of those only the network counts; an IPv4 address is one
 *  however it is written, with the port that some proxies add or inside IPv6. */
export function clientAddress({ ip }: Pick<Koa.Context, 'ip'>): string {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(ip)?.[1] ?? ip;
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const [address = ''] = bare.split('%');
  return isIPv6(address) ? networkOf(address) : bare;
}

/** The same of a request that has no context yet. @see node_modules/koa/lib/request.js `ips` */
export function requestAddress({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? String(headers['x-forwarded-for'] ?? '').split(/\s*,\s*/) : [];
  return clientAddress({ ip: forwarded.at(-1) || (socket.remoteAddress ?? '') });
}

function networkOf(address: string): string {
  // The URL parser writes an address in its one shortest form.
  const [head = [], tail = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
