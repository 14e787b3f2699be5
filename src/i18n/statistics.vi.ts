export const statisticsVi = {} as const;
