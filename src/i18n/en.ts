import { activationEn } from './activation.en.ts';
import { adoptionEn } from './adoption.en.ts';
import { analysisEn } from './analysis.en.ts';
import { commonEn } from './common.en.ts';
import { consentEn } from './consent.en.ts';
import { dashboardEn } from './dashboard.en.ts';
import { delaysEn } from './delays.en.ts';
import { demoEn } from './demo.en.ts';
import { demoReceivedEn } from './demo-received.en.ts';
import { demoServicesEn } from './demo-services.en.ts';
import { developersEn } from './developers.en.ts';
import { myAccountEn } from './my-account.en.ts';
import { oidcEn } from './oidc.en.ts';
import { openDataEn } from './open-data.en.ts';
import { recoveryEn } from './recovery.en.ts';
import { refusalEn } from './refusal.en.ts';
import { reportEn } from './report.en.ts';
import { sandboxEn } from './sandbox.en.ts';
import { signInEn } from './sign-in.en.ts';
import { smsEn } from './sms.en.ts';
import { statisticsEn } from './statistics.en.ts';
import type { Texts } from './texts.ts';
import type { vi } from './vi.ts';
import { waitingRoomEn } from './waiting-room.en.ts';

/** A text missing here, or one that Vietnamese does not have, does not compile. */
export const en: Texts<typeof vi> = {
  ...commonEn,
  ...refusalEn,
  ...activationEn,
  ...signInEn,
  ...consentEn,
  ...myAccountEn,
  ...recoveryEn,
  ...delaysEn,
  ...statisticsEn,
  ...analysisEn,
  ...reportEn,
  ...dashboardEn,
  ...waitingRoomEn,
  ...adoptionEn,
  ...openDataEn,
  ...sandboxEn,
  ...smsEn,
  ...developersEn,
  ...oidcEn,
  ...demoEn,
  ...demoReceivedEn,
  ...demoServicesEn,
};
