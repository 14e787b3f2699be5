import type { AttentionModel } from '../../../views/statistics/attention.ts';
import { integerText, percentText } from '../../domain/rate.ts';
import { calendarDateText } from '../../i18n/dates.ts';
import { type Locale, translator } from '../../i18n/translator.ts';
import type { Signal } from '../figures/signals.ts';
import { unitName } from './rate-texts.ts';
import { unitHref } from './unit-href.ts';

/** So many units are named. */
const NAMED = 4;

export function attentionModel(locale: Locale, signals: readonly Signal[]): AttentionModel {
  return signals.map((signal) => ({ text: textOf(locale, signal), links: linksOf(locale, signal) }));
}

function textOf(locale: Locale, signal: Signal): string {
  const t = translator(locale);
  switch (signal.kind) {
    case 'no_target':
      return t('dashboard.signal.no_target');
    case 'target_missed': {
      const { high, target, dueOn } = signal;
      const share = percentText({ numerator: high, denominator: target }, locale);
      return t('dashboard.signal.target_missed', {
        high: `${integerText(high, locale)} (${share})`,
        due: calendarDateText(locale, dueOn),
      });
    }
    case 'units_behind':
      return t('dashboard.signal.units_behind', { count: signal.units.length });
    case 'rate_fell': {
      const points = new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 });
      return t('dashboard.signal.rate_fell', { points: points.format(signal.points) });
    }
    case 'on_time_low':
      return t('dashboard.signal.on_time_low', { percent: percentText(signal, locale) });
    case 'old_basis': {
      const { basis, asOfOn } = signal.basis;
      return t('dashboard.signal.old_basis', {
        basis: t(`statistics.basis.${basis}`),
        day: calendarDateText(locale, asOfOn),
      });
    }
  }
}

function linksOf(locale: Locale, signal: Signal): AttentionModel[number]['links'] {
  const t = translator(locale);
  if (signal.kind !== 'units_behind') return [];
  return signal.units.slice(0, NAMED).map((unit) => ({ text: unitName(t, unit), href: unitHref(unit.code) }));
}
