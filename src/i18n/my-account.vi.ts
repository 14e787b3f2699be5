export const myAccountVi = {} as const;
