/** Keys by id, newest first: the first one writes, all of them read. */
export type KeyRing = readonly { id: string; key: Buffer }[];

/** Reads `id:base64[,id:base64…]`, newest first. Each key must hold at least `leastBytes` of randomness. */
export function parseKeyRing(
  text: string,
  leastBytes = 32,
): { ok: true; ring: KeyRing } | { ok: false; problem: string } {
  const ring: { id: string; key: Buffer }[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const match = /^([a-z0-9]{1,12}):([A-Za-z0-9+/_-]+={0,2})$/.exec(part);
    if (match?.[1] === undefined || match[2] === undefined)
      return { ok: false, problem: 'must be "id:base64", newest first, separated by commas' };
    const key = Buffer.from(match[2], 'base64');
    if (key.length < leastBytes)
      return { ok: false, problem: `key "${match[1]}" holds ${key.length} bytes; at least ${leastBytes} are needed` };
    if (new Set(key).size < 8) return { ok: false, problem: `key "${match[1]}" is not random` };
    if (ring.some((known) => known.id === match[1])) return { ok: false, problem: `key id "${match[1]}" stands twice` };
    ring.push({ id: match[1], key });
  }
  return { ok: true, ring };
}
