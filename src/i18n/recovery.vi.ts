export const recoveryVi = {} as const;
