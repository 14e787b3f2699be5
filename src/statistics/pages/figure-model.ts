import type { FigureModel } from '../../../views/statistics/figure-cell.ts';
import { integerText } from '../../domain/rate.ts';
import type { Locale, Translate } from '../../i18n/translator.ts';
import type { Figure } from '../figures/activation-rates.ts';
import { figureText } from './rate-texts.ts';

export function figureModel(t: Translate, locale: Locale, figure: Figure): FigureModel {
  return { kind: figure.kind, text: figureText(t, locale, figure), fraction: fractionText(locale, figure) };
}

function fractionText(locale: Locale, figure: Figure): string | undefined {
  if (figure.kind === 'suppressed') return undefined;
  const numerator = integerText(figure.numerator, locale);
  return figure.kind === 'no_basis' ? numerator : `${numerator} / ${integerText(figure.denominator, locale)}`;
}

/** For drawing only: printed percents are computed on whole numbers. */
export function percentOf(figure: Figure): number | undefined {
  return figure.kind === 'shown' && figure.denominator > 0 ? (figure.numerator / figure.denominator) * 100 : undefined;
}
