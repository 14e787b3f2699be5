import type { developersVi } from './developers.vi.ts';
import type { Texts } from './texts.ts';

export const developersEn: Texts<typeof developersVi> = {};
