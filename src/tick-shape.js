import { createHook } from 'node:async_hooks';

/** The one object that keeps alive how V8 lays out all of its kind. */
let kept;

/** Node makes an object for each `process.nextTick`, of which an answer has several. When a collection finds none of them, as in a moment in which nothing is asked, V8 forgets their layout, and from
 *  then on the place that makes them writes each of three fields by a call into the engine, for as long as the process lives: a fifth of what a small answer costs. So one of them is kept.
 *  Before the first full collection: a place that has lost its layout does not learn another.
 *  @see lib/internal/process/task_queues.js `nextTick`, and V8's Runtime_DefineKeyedOwnPropertyInLiteral */
export function keepTickShape() {
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'TickObject') kept ??= resource;
    },
    // To look at promises, even once, would make all of them slower.
    trackPromises: false,
  }).enable();
  process.nextTick(() => undefined);
  hook.disable();
  return kept;
}
