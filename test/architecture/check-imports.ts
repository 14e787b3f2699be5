import { cruiseImports } from './cruise-imports.ts';

const { violations, modules, missed } = await cruiseImports(process.cwd());
for (const { rule, from, to } of violations)
  console.error(`${from} → ${to}\n  breaks ${rule} (.dependency-cruiser.mjs)`);
for (const file of missed) console.error(`${file} was not read: its imports are unchecked`);
if (violations.length > 0 || missed.length > 0 || modules.length === 0) process.exit(1);
console.log(`Imports of ${modules.length} modules follow the rules.`);
