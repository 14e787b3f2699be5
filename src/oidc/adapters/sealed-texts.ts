import { LRUCache } from 'lru-cache';
import type { Vault } from '../../platform/vault.ts';

type Sealer = Pick<Vault, 'seal' | 'open'>;

/** Some kilobytes each at most. */
const KEPT = 1_000;

/** A vault for the texts of one model, which remembers what it lately sealed or opened, each by its place: a sign-in asks for the same few times within a minute. What is remembered of a place is
 *  believed only for the very text that lies there, and the same text at the same place is not sealed a second time. */
export function rememberSealed(vault: Sealer): Sealer {
  const kept = new LRUCache<string, { sealed: string; plain: string }>({ max: KEPT });
  return {
    seal(plain, place) {
      const known = kept.get(place.id);
      if (known?.plain === plain) return known.sealed;
      const sealed = vault.seal(plain, place);
      kept.set(place.id, { sealed, plain });
      return sealed;
    },
    open(sealed, place) {
      const known = kept.get(place.id);
      if (known?.sealed === sealed) return known.plain;
      const plain = vault.open(sealed, place);
      kept.set(place.id, { sealed, plain });
      return plain;
    },
  };
}
