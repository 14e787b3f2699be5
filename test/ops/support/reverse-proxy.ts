import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const OPS = join(import.meta.dirname, '../../../ops/nginx');

export type ReverseProxy = {
  /** Its certificate, which is signed by itself. */
  caFile: string;
  /** A relying party's certificate that the authority of `client-certificates.conf` has signed, and its key. */
  client: { certFile: string; keyFile: string };
  stop(): Promise<void>;
};

/** nginx with `ops/nginx/dinhdanh.conf` as it is, but for the port, the names of the hosts and the certificates; without what older ones than its comment names do not know. */
export async function startReverseProxy(
  port: number,
  providers: readonly number[],
  options: { clientCertificates?: true } = {},
): Promise<ReverseProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-nginx-'));
  const file = (name: string): string => join(folder, name);
  makeCertificates(folder);
  const [, minor = 0] = version();
  let site = readFileSync(join(OPS, 'dinhdanh.conf'), 'utf8')
    .replaceAll('listen 443', `listen 127.0.0.1:${port}`)
    .replaceAll('dinhdanh.example', 'localhost')
    .replaceAll('/etc/nginx/tls', folder);
  if (minor < 25) site = site.replace('http2 on;', '');
  for (const [index, provider] of providers.entries())
    site = site.replace(`provider-${index + 1}:3000`, `127.0.0.1:${provider}`);
  if (options.clientCertificates === true) {
    site = site.replace(/#include .*client-certificates\.conf/, `include ${file('client-certificates.conf')}`);
    const included = readFileSync(join(OPS, 'client-certificates.conf'), 'utf8');
    writeFileSync(file('client-certificates.conf'), included.replaceAll('/etc/nginx/tls', folder));
  }
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((use) => `${use}_temp_path ${file(use)};`);
  const main = `pid ${file('pid')};\nerror_log stderr warn;\nevents {}\nhttp {\n${own.join('\n')}\n${site}\n}\n`;
  writeFileSync(file('nginx.conf'), main);
  const nginx = spawn('nginx', ['-c', file('nginx.conf'), '-g', `daemon off;${asWhom()}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await untilItListens(nginx, port);
  return {
    caFile: file('fullchain.pem'),
    client: { certFile: file('client.pem'), keyFile: file('client.key') },
    async stop() {
      const gone = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As root its workers would be another user, who may not enter the folder. */
function asWhom(): string {
  return process.getuid?.() === 0 ? ' user root;' : '';
}

function version(): number[] {
  const said = execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' });
  return (/nginx\/([\d.]+)/.exec(said)?.[1] ?? '').split('.').map(Number);
}

function makeCertificates(folder: string): void {
  const run = (command: string): void => void execFileSync('bash', ['-c', command], { cwd: folder, stdio: 'ignore' });
  const made = 'openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  run(`${made} -x509 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout privkey.pem -out fullchain.pem`);
  run(`${made} -x509 -subj '/CN=authority of relying parties' -keyout authority.key -out relying-parties.pem`);
  run(`${made} -subj /CN=sandbox-machine -keyout client.key -out client.csr`);
  run('openssl x509 -req -in client.csr -CA relying-parties.pem -CAkey authority.key -days 2 -out client.pem');
}

async function untilItListens(nginx: ChildProcess, port: number): Promise<void> {
  let said = '';
  nginx.stderr?.on('data', (piece: Buffer) => (said += piece.toString()));
  for (;;) {
    if (nginx.exitCode !== null) throw new Error(`nginx did not start: ${said}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(50);
  }
}
