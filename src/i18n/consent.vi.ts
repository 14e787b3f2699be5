export const consentVi = {} as const;
