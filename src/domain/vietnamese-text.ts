/** Lower case, without accents, `đ` as `d`: "Hoà" and "Hòa" become one word. Letters of other scripts stay. */
export function foldVietnamese(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd');
}

/** Length in code points: after NFC every Vietnamese letter is one, whatever its accents. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
