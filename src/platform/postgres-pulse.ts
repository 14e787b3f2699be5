import type { Socket } from 'node:net';
import type pg from 'pg';
import { loadPg } from './load-pg.ts';
import { StoreUnavailable } from './store-outage.ts';

/** Whether PostgreSQL is heard at all. A slow statement is an answer that takes long, and has a limit of its own; a server that hangs, or that the network has lost,
 *  says nothing on any connection, and then nobody should wait for as long as a statement may take. */
export type PostgresPulse = {
  /** What makes the connections of every pool of that server. */
  Client: new (
    config?: pg.ClientConfig,
  ) => pg.Client;
  isOpen: () => boolean;
  /** Listens from now on. While it is silent (`onChange(true)`) no connection can be had, and those that were there are closed: whoever waits is told at once. */
  start(onChange: (isOpen: boolean) => void): void;
  stop(): void;
};

/** At the first silent tick it is asked, and has four more, two seconds, to answer in. */
const TICK_MS = 500;
const MOST_SILENT_TICKS = 4;
const PATIENCE_MS = 2_000;

/** What the driver keeps to itself. */
type Inner = { connection: { stream: Socket } };
const socketOf = (client: pg.Client): Socket => (client as unknown as Inner).connection.stream;

/** @param onSilence for those who wait without a connection. */
export function createPostgresPulse(url: string, onSilence: () => void): PostgresPulse {
  /** With how many bytes each had heard when it was last looked at. */
  const clients = new Map<pg.Client, number>();
  let ticking: NodeJS.Timeout | undefined;
  let tell: (isOpen: boolean) => void = () => undefined;
  let isOpen = false;
  let silentTicks = 0;
  /** Asks while nobody else is answered. */
  let asker: pg.Client | undefined;
  let isAsking = false;

  const { Client } = loadPg();
  class WatchedClient extends Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      // Its owner hears of it too; without a listener it would end the process.
      this.on('error', () => undefined);
    }

    override connect(): Promise<this>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<this> | undefined {
      if (isOpen) {
        const error = new StoreUnavailable('PostgreSQL is silent');
        if (callback === undefined) return Promise.reject(error);
        process.nextTick(callback, error);
        return undefined;
      }
      clients.set(this, 0);
      this.once('end', () => clients.delete(this));
      if (callback === undefined) return super.connect().then(() => this);
      super.connect(callback as never);
      return undefined;
    }
  }

  const hearsAny = (): boolean => {
    let isHeard = false;
    for (const [client, before] of clients) {
      const now = socketOf(client).bytesRead;
      if (now === before) continue;
      clients.set(client, now);
      isHeard = true;
    }
    return isHeard;
  };
  const hear = (): void => {
    silentTicks = 0;
    if (!isOpen) return;
    isOpen = false;
    tell(false);
  };
  const open = (): void => {
    isOpen = true;
    tell(true);
    onSilence();
    for (const client of clients.keys()) socketOf(client).destroy();
  };
  const letGo = (): void => {
    if (asker !== undefined) socketOf(asker).destroy();
    asker = undefined;
  };
  const connectAsker = async (): Promise<pg.Client> => {
    const settings = { connectionString: url, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS };
    const client = new Client({ ...settings, keepAlive: true });
    asker = client;
    client.on('error', () => undefined);
    client.once('end', () => {
      if (asker === client) asker = undefined;
    });
    await client.connect();
    return client;
  };
  const ask = async (): Promise<void> => {
    const client = asker ?? (await connectAsker());
    await client.query('select 1');
  };
  const askOnce = (): void => {
    if (isAsking) return;
    isAsking = true;
    ask()
      .then(hear, (error: unknown) => {
        if (isAnswer(error)) hear();
        letGo();
      })
      .finally(() => {
        isAsking = false;
      });
  };
  const tick = (): void => {
    if (hearsAny()) {
      hear();
      return;
    }
    silentTicks += 1;
    if (silentTicks > MOST_SILENT_TICKS && !isOpen) open();
    askOnce();
  };

  return {
    Client: WatchedClient,
    isOpen: () => isOpen,
    start(onChange) {
      tell = onChange;
      // Between two ticks whatever has arrived is read: a process that was busy itself hears nothing less.
      ticking ??= setInterval(tick, TICK_MS).unref();
    },
    stop() {
      clearInterval(ticking);
      ticking = undefined;
      letGo();
    },
  };
}

/** It is there, and says no (too many connections, a password that was changed); not that it goes or comes (57P01 to 57P03). */
function isAnswer(error: unknown): boolean {
  return error instanceof loadPg().DatabaseError && error.code?.startsWith('57P') !== true;
}
