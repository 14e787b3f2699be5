export const signInVi = {} as const;
