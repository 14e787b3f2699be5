import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_MOVES } from '../../src/domain/account.ts';
import { ACTIVATION_MOVES } from '../../src/domain/activation.ts';
import { GRANT_MOVES } from '../../src/domain/level-grant.ts';
import { RECOVERY_MOVES } from '../../src/domain/recovery.ts';
import { type Moves, mermaidOf } from '../../src/domain/state-diagram.ts';

const DOCUMENT = new URL('../../docs/state-machines.md', import.meta.url);

/** The Mermaid block under each second-level heading. */
async function drawnMachines(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(DOCUMENT, 'utf8');
  const sections = text.matchAll(/^## (?<title>.+)$[\s\S]*?^```mermaid\n(?<diagram>[\s\S]*?)\n```$/gm);
  return new Map([...sections].map(({ groups }) => [groups?.['title'] ?? '', groups?.['diagram'] ?? '']));
}

const machines: readonly (readonly [string, Moves])[] = [
  ['Level grant', GRANT_MOVES],
  ['Account', ACCOUNT_MOVES],
  ['Activation steps', ACTIVATION_MOVES],
  ['Recovery steps', RECOVERY_MOVES],
];

describe('docs/state-machines.md', () => {
  it.each(machines)('draws every move of "%s" that the code allows, and no other', async (title, moves) => {
    expect((await drawnMachines()).get(title)).toBe(mermaidOf(moves));
  });

  it('draws nothing that is not in the code', async () => {
    expect([...(await drawnMachines()).keys()]).toEqual(machines.map(([title]) => title));
  });

  it.each(machines)('leads nowhere that is not a state of "%s"', (_, moves) => {
    for (const targets of Object.values(moves)) {
      for (const target of Object.values(targets)) expect(Object.keys(moves)).toContain(target);
    }
  });
});
