import type { AdoptionModel } from '../../../views/statistics/adoption-section.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { UNKNOWN_BASIS } from '../../domain/rp-total.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, type Translate, translator } from '../../i18n/translator.ts';
import type { Figure } from '../figures/activation-rates.ts';
import type { Adoption, Coverage } from '../figures/rp-adoption.ts';
import { figureModel } from './figure-model.ts';

export function adoptionModel(locale: Locale, { moment, isMonthly, services }: Adoption): AdoptionModel {
  const t = translator(locale);
  return {
    caption: t('adoption.caption', { day: calendarDateText(locale, moment.day) }),
    isMonthly,
    rows: services.map(({ name, day, counts, coverage }) => ({
      name: name[locale],
      day: day === undefined ? t('statistics.not_published') : calendarDateText(locale, day),
      subjects: counts === undefined ? '–' : integerText(counts.subjects, locale),
      signIns: counts === undefined ? '–' : integerText(counts.signIns, locale),
      coverage: coverage.map((one) => ({ basis: basisText(t, one), figure: figureModel(t, locale, one.figure) })),
    })),
    totals: services.flatMap(({ name, totals }) =>
      totals.map(({ total, channelShare }) => ({
        name: name[locale],
        topic: total.topic,
        period: t('analysis.period', {
          from: calendarDateText(locale, total.fromOn),
          to: calendarDateText(locale, total.toOn),
        }),
        share: shareText(t, locale, channelShare),
        fraction: `${integerText(total.throughIdentity, locale)} / ${integerText(total.dossiers, locale)}`,
        source: total.source,
      })),
    ),
  };
}

function basisText(t: Translate, { basis, basisName }: Coverage): string {
  if (basis !== 'reported') return t(`adoption.basis_${basis}`);
  return basisName === undefined || basisName === UNKNOWN_BASIS ? t('adoption.basis_unknown') : basisName;
}

/** Two decimals, as such shares are published. */
function shareText(t: Translate, locale: Locale, figure: Figure): string {
  return figure.kind === 'shown' ? percentText(figure, locale, 2) : figureModel(t, locale, figure).text;
}
