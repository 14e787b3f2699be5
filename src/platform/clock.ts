/** The one source of "now" for our own code. Tests substitute it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Now, as OAuth's `iat` and `exp` say it. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock().getTime() / 1000);
}
