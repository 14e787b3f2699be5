export const officerVi = {} as const;
