#!/usr/bin/env node
// Runs on any Node: where it is older than 24, the command goes on under the Node 24 that `npm install` brought into the project.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEAST_MAJOR = 24;
const cli = new URL('../src/cli/main.ts', import.meta.url);
const packaged = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= LEAST_MAJOR) {
  await import(cli.href);
} else if (existsSync(packaged)) {
  const { status, signal, error } = spawnSync(packaged, [fileURLToPath(cli), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
} else {
  console.error(
    `dinhdanh needs Node ${LEAST_MAJOR} or newer; this is ${process.versions.node}.\n` +
      'Install Node 24, or run `npm install` in the project: it brings its own Node 24 with it.',
  );
  process.exitCode = 1;
}
