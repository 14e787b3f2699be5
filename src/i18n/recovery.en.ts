import type { recoveryVi } from './recovery.vi.ts';
import type { Texts } from './texts.ts';

export const recoveryEn: Texts<typeof recoveryVi> = {};
