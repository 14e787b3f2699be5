import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRejectedRows } from '../../src/register/rejected-rows.ts';

let folder: string;
let file: string;
let other: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-rejected-'));
  [file, other] = [join(folder, 'people.csv.rejected.csv'), join(folder, 'other')];
  writeFileSync(other, 'precious');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const PROBLEM = { field: 'phone', reason: 'taken_by_another_person' } as const;

describe('The list of refused rows', () => {
  it('takes the place of a link that lay there, and is for its owner alone', async () => {
    symlinkSync(other, file);
    const rows = await createRejectedRows(file);
    rows.add(2, [PROBLEM]);
    await rows.close();
    expect(readFileSync(other, 'utf8')).toBe('precious');
    expect(readFileSync(file, 'utf8')).toContain('2,phone');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('does not write through a link that was put there meanwhile', async () => {
    const rows = await createRejectedRows(file);
    symlinkSync(other, file);
    rows.add(2, [PROBLEM]);
    await expect(rows.flush()).rejects.toThrow('ELOOP');
    expect(readFileSync(other, 'utf8')).toBe('precious');
  });
});
