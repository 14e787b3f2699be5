import type { smsVi } from './sms.vi.ts';
import type { Texts } from './texts.ts';

export const smsEn: Texts<typeof smsVi> = {};
