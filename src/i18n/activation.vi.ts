export const activationVi = {} as const;
