export const smsVi = {} as const;
