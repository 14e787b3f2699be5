import type { Knex } from 'knex';

export async function changeAccountStatus(db: Knex, id: string): Promise<void> {
  db('accounts').where({ id, status: 'active' }).update({ status: 'locked' });
  await Promise.resolve();
}
