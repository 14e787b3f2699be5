import type { CampaignsModel } from '../../../views/statistics/campaigns-section.ts';
import { findUnit } from '../../domain/place.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { CampaignFigures, CampaignReport } from '../figures/campaign-figures.ts';
import type { CampaignVersion } from '../stores/campaign-store.ts';
import { momentText, unitName } from './rate-texts.ts';

export function campaignsModel(locale: Locale, { moment, campaigns, notes }: CampaignReport): CampaignsModel {
  const t = translator(locale);
  const at = momentText(locale, moment);
  return {
    caption: moment.isDayOver
      ? t('analysis.campaigns_caption', { day: at })
      : t('analysis.campaigns_caption_now', { time: at }),
    rows: campaigns.map(({ campaign, figures }) => ({
      name: campaignName(locale, campaign),
      note: campaign.note,
      days: daysText(t, locale, campaign, figures),
      units: unitsText(t, campaign),
      ...countTexts(t, locale, figures),
    })),
    notes: notes.map((note) => ({ text: noteText(locale, note), note: note.note })),
  };
}

export function campaignName(locale: Locale, { nameVi, nameEn }: Pick<CampaignVersion, 'nameVi' | 'nameEn'>): string {
  return locale === 'vi' ? nameVi : nameEn;
}

/** `1/7/2025: Bỏ cấp huyện`, for a note of one day or of several. */
function noteText(locale: Locale, note: CampaignVersion): string {
  const t = translator(locale);
  return t('analysis.note_line', { day: periodText(t, locale, note), name: campaignName(locale, note) });
}

function periodText(t: Translate, locale: Locale, { fromOn, toOn }: { fromOn: string; toOn: string }): string {
  const from = calendarDateText(locale, fromOn);
  return fromOn === toOn ? from : t('analysis.period', { from, to: calendarDateText(locale, toOn) });
}

function daysText(t: Translate, locale: Locale, campaign: CampaignVersion, figures: CampaignFigures): string {
  const period = periodText(t, locale, campaign);
  if (figures.kind !== 'counted' || figures.isOver) return period;
  return `${period} (${t('analysis.campaign_going_on', { days: figures.days })})`;
}

function unitsText(t: Translate, { unitCodes }: CampaignVersion): string {
  const [only] = unitCodes;
  if (only === undefined) return t('analysis.campaign_all_units');
  if (unitCodes.length === 1) return unitName(t, { code: only, unit: findUnit(only) });
  return t('analysis.campaign_unit_count', { count: unitCodes.length });
}

function countTexts(
  t: Translate,
  locale: Locale,
  figures: CampaignFigures,
): Pick<CampaignsModel['rows'][number], 'persons' | 'grants' | 'personsBefore' | 'ofTarget'> {
  if (figures.kind !== 'counted') {
    const why = figures.kind === 'not_begun' ? t('analysis.campaign_not_begun') : t('statistics.not_published');
    return { persons: why, grants: '–', personsBefore: '–', ofTarget: '–' };
  }
  const { counts, countsBefore, target } = figures;
  return {
    persons: integerText(counts.persons, locale),
    grants: counts.grants === undefined ? '–' : integerText(counts.grants, locale),
    personsBefore:
      countsBefore === undefined ? t('analysis.campaign_other_units') : integerText(countsBefore.persons, locale),
    ofTarget:
      target === undefined
        ? t('analysis.campaign_no_target')
        : `${percentText({ numerator: counts.persons, denominator: target }, locale)} (${integerText(counts.persons, locale)} / ${integerText(target, locale)})`,
  };
}
