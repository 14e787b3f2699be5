import type { myAccountVi } from './my-account.vi.ts';
import type { Texts } from './texts.ts';

export const myAccountEn: Texts<typeof myAccountVi> = {};
