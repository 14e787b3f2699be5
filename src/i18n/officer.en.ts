import type { officerVi } from './officer.vi.ts';
import type { Texts } from './texts.ts';

export const officerEn: Texts<typeof officerVi> = {};
