import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/refusal.ts';

describe('a refusal', () => {
  it('knows its status by its code', () => {
    expect(new Refusal('not_found')).toMatchObject({ code: 'not_found', status: 404, message: 'not_found' });
    expect(new Refusal('forbidden').field).toBeUndefined();
  });

  it('can point at a field and keep its cause', () => {
    const cause = new Error('why');
    const refusal = new Refusal('invalid_field', { field: 'phone_number', cause });
    expect(refusal).toMatchObject({ status: 422, field: 'phone_number', cause });
    expect(refusal).toBeInstanceOf(Error);
  });
});
