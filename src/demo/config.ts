import { SERVICES, type ServiceId } from './service-definitions.ts';

/** What the demo services are told: the provider's address, and where they themselves listen. */
export type DemoConfig = {
  readonly issuer: URL;
  readonly host: string;
  readonly ports: Readonly<Record<ServiceId, number>>;
  /** Holds the key of the one that proves itself by a key. */
  readonly folder: string;
  readonly logLevel: string;
};

/** Reads the same keys as the provider (.env.example), which has judged them already when it started this process.
 *  @throws TypeError when ISSUER or a port cannot be read. */
export function readDemoConfig(env: Readonly<Record<string, string | undefined>> = process.env): DemoConfig {
  const ports = SERVICES.map(({ id, portKey, defaultPort }) => {
    const port = Number(env[portKey] ?? defaultPort);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`${portKey} is not a port`);
    return [id, port] as const;
  });
  return {
    issuer: new URL(env['ISSUER'] ?? 'http://localhost:3000'),
    host: env['HOST'] ?? '127.0.0.1',
    ports: Object.fromEntries(ports) as Record<ServiceId, number>,
    folder: './as-data/demo',
    logLevel: env['LOG_LEVEL'] ?? 'info',
  };
}
