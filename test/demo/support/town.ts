import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { insertUnits } from '../../../src/accounts/unit-store.ts';
import { createDemoApp } from '../../../src/demo/create-demo-app.ts';
import { SERVICES, type ServiceId } from '../../../src/demo/service-definitions.ts';
import { findUnit, HANOI_CODE, unitsOf } from '../../../src/domain/place.ts';
import { PERSONAS, type PersonaKey } from '../../../src/sandbox/personas.ts';
import { type SandboxPerson, sandboxPerson } from '../../../src/sandbox/sandbox-person.ts';
import { seedPersonas } from '../../../src/sandbox/seed-personas.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

/** Hà Nội with its wards and communes: residence is told by their names. */
const UNITS = [findUnit(HANOI_CODE), ...unitsOf('hanoi_units_2025')]
  .filter((unit) => unit !== undefined)
  .map(({ code, name, type, parent, validFrom }) => ({
    code,
    name,
    type,
    validFromOn: validFrom,
    ...(parent === undefined ? {} : { parentCode: parent }),
  }));

export type Town = TestApp & {
  /** Address of each service, without a slash at the end. */
  at: Record<ServiceId, string>;
  persona(key: PersonaKey): SandboxPerson;
  /** Delivers what the provider owes: back-channel logouts. */
  deliver(): Promise<void>;
};

/** The real provider with its personas and the three real services, each on an ephemeral port. */
export async function startTown(options: { now?: Date } = {}): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-demo-'));
  const servers = await Promise.all(SERVICES.map(listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  const test = await startTestApp({
    ...options,
    env: Object.fromEntries(SERVICES.map(({ portKey }, index) => [portKey, String(ports[index])])),
  });
  const now = test.app.clock();
  await insertUnits(test.app.db, UNITS);
  await seedPersonas(test.app, now);

  const at = {} as Record<ServiceId, string>;
  for (const [index, service] of SERVICES.entries()) {
    const baseUrl = `http://localhost:${ports[index]}`;
    at[service.id] = baseUrl;
    const options = { issuer: new URL(test.issuer), baseUrl, folder, log: pino({ level: 'silent' }) };
    servers[index]?.on('request', await createDemoApp(service, options));
  }
  return {
    ...test,
    at,
    persona(key) {
      const persona = PERSONAS.find((one) => one.key === key);
      if (persona === undefined) throw new Error(`no persona ${key}`);
      return sandboxPerson(persona, now);
    },
    deliver: async () => {
      await test.app.outbox.drain();
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await test.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
