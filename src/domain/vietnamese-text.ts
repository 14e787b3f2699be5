/** Lower case, without accents, `đ` as `d`: "Hoà" and "Hòa" become one word. Letters of other scripts stay. */
export function foldVietnamese(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd');
}
