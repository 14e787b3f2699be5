/** The first signal ends the work after the batch in hand, the second one at once. */
export function stopOnSignal(): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    process.stderr.write('\nStopping after the batch in hand…\n');
    controller.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return {
    signal: controller.signal,
    end: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
