/** Counts how a step of a flow ended, for operations: `sign_in`, `wrong_password`. Both are words of the code, never what somebody typed. */
export type CountOutcome = (flow: 'activation' | 'sign_in' | 'recovery' | 'oauth', outcome: string) => void;
