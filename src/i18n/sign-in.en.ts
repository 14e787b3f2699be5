import type { signInVi } from './sign-in.vi.ts';
import type { Texts } from './texts.ts';

export const signInEn: Texts<typeof signInVi> = {};
