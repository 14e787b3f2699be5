import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { cpus, loadavg, totalmem } from 'node:os';

export type MachineFacts = {
  cpu: string;
  cores: number;
  memoryGib: number;
  node: string;
  commit: string;
  /** Of the last minute when the run began: above the number of cores somebody else was at work. */
  loadAtStart: number;
  signaturesPerSecond: { ES256: number; RS256: number };
};

export function machineFacts(): MachineFacts {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    loadAtStart: Number((loadavg()[0] ?? 0).toFixed(1)),
    signaturesPerSecond: {
      ES256: signaturesPerSecond('ec', { namedCurve: 'P-256' }),
      RS256: signaturesPerSecond('rsa', { modulusLength: 2048 }),
    },
  };
}

const SAMPLE_MS = 200;
const DATA = Buffer.alloc(300, 'x');

function signaturesPerSecond(type: 'ec' | 'rsa', options: object): number {
  const { privateKey } = (generateKeyPairSync as (type: string, options: object) => { privateKey: string })(type, {
    ...options,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const begun = performance.now();
  let done = 0;
  for (; performance.now() - begun < SAMPLE_MS; done += 1) sign('sha256', DATA, privateKey);
  return Math.round((done * 1000) / (performance.now() - begun));
}
