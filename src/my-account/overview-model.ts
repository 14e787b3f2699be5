import type { OverviewLevelModel, OverviewModel } from '../../views/my-account/overview.ts';
import { dayText, instantText } from '../i18n/dates.ts';
import type { PageState } from '../web/page-context.ts';
import type { Overview, OverviewLevel } from './read-overview.ts';

type Language = Pick<PageState, 'locale' | 't'>;

/** The overview in the reader's language, dates printed. */
export function overviewModel(language: Language, overview: Overview): OverviewModel {
  const { firstLoginAt } = overview;
  return {
    fullName: overview.fullName,
    maskedCitizenId: overview.maskedCitizenId,
    maskedPhone: overview.maskedPhone,
    status: overview.status,
    accountLevel: overview.accountLevel,
    firstLogin: firstLoginAt && instantText(language.locale, firstLoginAt),
    levels: overview.levels.map((level) => levelModel(language, level)),
    wardNames: overview.wardNames,
  };
}

function levelModel({ locale, t }: Language, level: OverviewLevel): OverviewLevelModel {
  const day = (instant: Date | undefined): string | undefined => instant && dayText(locale, instant);
  const { firstDueAt, dueAt } = level;
  const isReopened = firstDueAt !== undefined && dueAt !== undefined && dueAt > firstDueAt;
  return {
    level: level.accountLevel,
    state: stateOf(level),
    grantedOn: dayText(locale, level.grantedAt),
    grantedBy: level.unitName,
    notifiedOn: day(level.notifiedAt),
    firstDueOn: day(firstDueAt),
    dueAgainOn: isReopened ? day(dueAt) : undefined,
    activations: level.activations.map(({ activatedAt, channel, unitName }) => {
      const said = { at: instantText(locale, activatedAt), channel: t(`my_account.channel_${channel}`) };
      return unitName === undefined
        ? t('my_account.activation_by', said)
        : t('my_account.activation_by_at', { ...said, unit: unitName });
    }),
  };
}

function stateOf({ status, isLate }: OverviewLevel): OverviewLevelModel['state'] {
  if (isLate) return 'late';
  switch (status) {
    case 'activated':
    case 'granted':
      return status;
    case 'pending_activation':
      return 'pending';
    case 'late_activation':
      return 'late';
  }
}
