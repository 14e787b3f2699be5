import type { consentVi } from './consent.vi.ts';
import type { Texts } from './texts.ts';

export const consentEn: Texts<typeof consentVi> = {};
