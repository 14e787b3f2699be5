export const developersVi = {} as const;
