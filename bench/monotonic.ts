/** What `performance.now()` lacks of the clock that all processes of the machine share. */
export const monotonicOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
