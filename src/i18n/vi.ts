import { activationVi } from './activation.vi.ts';
import { adoptionVi } from './adoption.vi.ts';
import { analysisVi } from './analysis.vi.ts';
import { commonVi } from './common.vi.ts';
import { consentVi } from './consent.vi.ts';
import { dashboardVi } from './dashboard.vi.ts';
import { delaysVi } from './delays.vi.ts';
import { demoVi } from './demo.vi.ts';
import { demoReceivedVi } from './demo-received.vi.ts';
import { demoServicesVi } from './demo-services.vi.ts';
import { developersVi } from './developers.vi.ts';
import { myAccountVi } from './my-account.vi.ts';
import { oidcVi } from './oidc.vi.ts';
import { openDataVi } from './open-data.vi.ts';
import { recoveryVi } from './recovery.vi.ts';
import { refusalVi } from './refusal.vi.ts';
import { reportVi } from './report.vi.ts';
import { sandboxVi } from './sandbox.vi.ts';
import { signInVi } from './sign-in.vi.ts';
import { smsVi } from './sms.vi.ts';
import { statisticsVi } from './statistics.vi.ts';
import { waitingRoomVi } from './waiting-room.vi.ts';

/** Every text of the product, Vietnamese first. A key is `<area>.<name>`; a value is an ICU message. */
export const vi = {
  ...commonVi,
  ...refusalVi,
  ...activationVi,
  ...signInVi,
  ...consentVi,
  ...myAccountVi,
  ...recoveryVi,
  ...delaysVi,
  ...statisticsVi,
  ...analysisVi,
  ...reportVi,
  ...dashboardVi,
  ...waitingRoomVi,
  ...adoptionVi,
  ...openDataVi,
  ...sandboxVi,
  ...smsVi,
  ...developersVi,
  ...oidcVi,
  ...demoVi,
  ...demoReceivedVi,
  ...demoServicesVi,
} as const;
