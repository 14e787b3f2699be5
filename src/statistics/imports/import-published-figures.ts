import { PUBLISHED_FIGURE_COLUMNS, type PublishedFigure, readPublishedFigure } from '../../domain/published-figure.ts';
import {
  insertPublishedFigures,
  listPublishedFigureVersions,
  type PublishedFigureVersion,
} from '../stores/published-figure-store.ts';
import type { VersionedKind } from './import-records.ts';

type Column = (typeof PUBLISHED_FIGURE_COLUMNS)[number];

/** Figures that others published, for `importRecords`. */
export const PUBLISHED_FIGURES: VersionedKind<Column, PublishedFigure, PublishedFigureVersion> = {
  columns: PUBLISHED_FIGURE_COLUMNS,
  action: 'statistics.figures_imported',
  read: readPublishedFigure,
  keyOf: ({ topic, unitCode, asOfOn }) => [topic, unitCode, asOfOn ?? ''].join('|'),
  isSame: (known, fact) => whatItSays(known) === whatItSays(fact),
  hasReason: ({ reason }) => reason !== undefined,
  listVersions: listPublishedFigureVersions,
  insert: (tx, versions) =>
    insertPublishedFigures(
      tx,
      versions.map(({ fact, version, recordedAt }) => ({ ...fact, version, recordedAt })),
    ),
};

function whatItSays({ numerator, denominator, isRounded, percent, basis, source }: PublishedFigure): string {
  return JSON.stringify([numerator, denominator ?? null, isRounded, percent ?? null, basis, source]);
}
