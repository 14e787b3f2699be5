import { execFileSync } from 'node:child_process';

/** Programs that operators run beside the provider: Debian packages of the same names (promtool comes with prometheus). */
export type Tool = 'nginx' | 'prometheus';

/** Says so when it is not there; in CI that is an error. */
export function hasTool(tool: Tool): boolean {
  try {
    execFileSync(tool, [tool === 'nginx' ? '-v' : '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env['CI_REQUIRE_SERVICES'] === '1') throw new Error(`CI_REQUIRE_SERVICES=1, and no ${tool}.`);
    console.warn(`\nSKIPPED: these tests run ${tool}, and it is not installed.`);
    return false;
  }
}
