/** The one source of "now" for our own code. Tests substitute it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
