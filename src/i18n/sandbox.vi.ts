export const sandboxVi = {} as const;
