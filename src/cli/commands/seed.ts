import { seedPersonas } from '../../sandbox/seed-personas.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed } from '../failures.ts';
import { withRegister } from '../with-register.ts';

export const seed: CliCommand = {
  usage: 'seed',
  summary: "write the sandbox's personas that are missing",
  details: 'Sandbox only. Safe to repeat: what a tester changed stays (npm run reset starts over).',
  example: 'npx dinhdanh seed',
  printsData: true,
  run: ({ print }) =>
    withRegister(async (register) => {
      if (!register.config.isSandbox) throw new CommandFailed('Personas exist only where SANDBOX=true.');
      const { added, reopened } = await seedPersonas(register, register.clock());
      print({ added, reopened }, `${added} personas added, ${reopened} windows opened again.`);
      return undefined;
    }),
};
