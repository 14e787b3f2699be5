import type { FigureModel } from '../../views/statistics/figure-cell.ts';
import type { UnitsTableModel } from '../../views/statistics/units-table.ts';
import { type Locale, translator } from '../i18n/translator.ts';
import type { ActivationRates, Figures, PublishedRateId } from './activation-rates.ts';
import { figureModel } from './figure-model.ts';
import { momentText, rateTexts, unitName } from './rate-texts.ts';

export function unitsModel(
  { locale, rates }: { locale: Locale; rates: ActivationRates },
  ids: readonly PublishedRateId[],
): UnitsTableModel {
  const t = translator(locale);
  const { moment, geography, whole, rows } = rates.units;
  const figures = (of: Figures): Record<string, FigureModel> =>
    Object.fromEntries(ids.map((id) => [id, figureModel(t, locale, of[id])]));
  const at = { geography: t(`statistics.geography.${geography}`) };
  return {
    caption: moment.isDayOver
      ? t('statistics.units_caption', { ...at, day: momentText(locale, moment) })
      : t('statistics.units_caption_now', { ...at, time: momentText(locale, moment) }),
    unitHeading: t('statistics.unit'),
    hiddenSign: t('statistics.not_published_sign'),
    rates: ids.map((id) => ({ id, name: rateTexts(t, id).name })),
    rows: [
      { name: t('statistics.whole'), remark: undefined, figures: figures(whole) },
      ...rows.map((row) => ({
        name: unitName(t, row),
        remark:
          row.unit?.validTo !== undefined && row.unit.validTo < moment.day ? t('statistics.unit_former') : undefined,
        figures: figures(row.figures),
      })),
    ],
  };
}
