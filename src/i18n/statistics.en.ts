import type { statisticsVi } from './statistics.vi.ts';
import type { Texts } from './texts.ts';

export const statisticsEn: Texts<typeof statisticsVi> = {};
