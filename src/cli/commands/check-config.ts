import { loadConfig } from '../../config.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { describeProblems } from '../with-register.ts';

export const checkConfig: CliCommand = {
  usage: 'check-config',
  summary: 'read the environment and .env, and report every problem at once',
  details: 'Prints no secret. Exit code 1 when the provider would refuse to start.',
  example: 'NODE_ENV=production npx dinhdanh check-config',
  printsData: true,
  run({ print }) {
    const loaded = loadConfig();
    if (!loaded.ok) {
      print({ ok: false, problems: loaded.problems }, describeProblems(loaded.problems));
      return Promise.resolve(EXIT.refused);
    }
    const { nodeEnv, issuer, isSandbox, database } = loaded.config;
    const summary = `${nodeEnv}, ${issuer}, sandbox ${isSandbox ? 'on' : 'off'}, ${database.kind}`;
    print(
      { ok: true, nodeEnv, issuer, sandbox: isSandbox, database: database.kind },
      `The configuration is sound: ${summary}.`,
    );
    return Promise.resolve(EXIT.done);
  },
};
