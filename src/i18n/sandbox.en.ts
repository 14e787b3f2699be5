import type { sandboxVi } from './sandbox.vi.ts';
import type { Texts } from './texts.ts';

export const sandboxEn: Texts<typeof sandboxVi> = {};
