import { LRUCache } from 'lru-cache';
import type { RowKey, SqliteArtifact } from './sqlite-tables.ts';

/** What was lately read from one table or committed to it by this process. Only ever told of what is committed; emptied when another process has written. */
export type ArtifactCache = {
  get(wanted: RowKey): SqliteArtifact | undefined;
  /** The newest of a group. */
  getByGroup(group: number): SqliteArtifact | undefined;
  keep(row: RowKey, artifact: SqliteArtifact): void;
  forget(key: number): void;
  clear(): void;
};

/** Of one table: a second of codes and tokens under load, which is longer than most are needed. Some kilobytes each at most, which V8 lets pile up twice. */
const KEPT = 1_024;

/** @param isByGroup whether the table is also asked by group: sessions by their uid. */
export function createArtifactCache({ isByGroup }: { isByGroup: boolean }): ArtifactCache {
  const kept = new LRUCache<number, { check: number; artifact: SqliteArtifact }>({ max: KEPT });
  const newestOfGroup = new LRUCache<number, RowKey>({ max: KEPT });
  const get = ({ key, check }: RowKey): SqliteArtifact | undefined => {
    const found = kept.get(key);
    return found?.check === check ? found.artifact : undefined;
  };
  return {
    get,
    getByGroup(group) {
      const row = newestOfGroup.get(group);
      const artifact = row && get(row);
      return artifact?.group === group ? artifact : undefined;
    },
    keep(row, artifact) {
      kept.set(row.key, { check: row.check, artifact });
      if (!isByGroup || artifact.group === null) return;
      const known = newestOfGroup.get(artifact.group);
      const other = known && get(known);
      if (other === undefined || other.storedAt <= artifact.storedAt) newestOfGroup.set(artifact.group, row);
    },
    forget: (key) => void kept.delete(key),
    clear() {
      kept.clear();
      newestOfGroup.clear();
    },
  };
}
