/** What a worker tells its primary, and what it is told. */
export type FromWorker = { kind: 'ready'; port: number };
export type ToWorker = { kind: 'lead' } | { kind: 'stop'; isReplaced: boolean };

/** It has said why itself. */
export class WorkerDidNotStart extends Error {
  override readonly name = 'WorkerDidNotStart';
}
