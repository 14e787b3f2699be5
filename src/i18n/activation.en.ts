import type { activationVi } from './activation.vi.ts';
import type { Texts } from './texts.ts';

export const activationEn: Texts<typeof activationVi> = {};
