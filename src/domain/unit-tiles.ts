import type { Geography } from './place.ts';

/** The city as squares, one a unit, each near to where it lies: drawn by hand (30) or set out from rough positions so that all distances together are
 *  least (126). No map: neighbours here need not be neighbours there. North is up, `.` is nothing. */
const ROWS: Readonly<Record<Geography, readonly string[]>> = {
  hanoi_districts_2023: [
    '.   .   .   250 .   016 .',
    '271 269 272 021 003 017 .',
    '.   .   273 005 001 002 004',
    '.   276 274 019 006 007 018',
    '.   .   275 268 009 008 .',
    '.   .   277 278 020 .   .',
    '.   .   .   281 279 .   .',
    '.   .   .   282 280 .   .',
  ],
  hanoi_units_2025: [
    '09634 .     .     .     .     .     .     00382 .     00376 00385 .     .',
    '09664 09619 09661 .     08995 08980 09022 08974 00433 00466 .     00430 .',
    '09676 09694 09574 09739 09787 09817 00598 00493 00091 00508 00454 00475 .',
    '.     09604 09715 09772 09784 00613 00602 00611 00103 00004 00097 00127 00541',
    '09700 09706 09616 09856 09871 00619 00166 00160 00008 00226 00070 00118 00136',
    '.     .     09955 10003 09832 00622 00592 00025 00190 00082 00256 00145 00562',
    '.     .     09982 09895 09877 00634 00175 00199 00235 00229 00292 00283 00565',
    '.     04930 09988 09910 09931 09886 00637 00367 00364 00352 00322 00301 00577',
    '.     .     09952 10030 10015 09562 09556 00643 00316 00337 00331 00340 00328',
    '.     .     .     10045 10072 09568 10126 09552 00664 00679 00640 00685 10210',
    '.     .     .     .     10081 10096 10180 10114 10144 10231 10183 10237 .',
    '.     .     .     .     10459 10417 10369 10354 10402 10279 10330 10273 10342',
    '.     .     .     .     .     10465 10441 10489 .     .     .     .     .',
  ],
};

export type Tile = { readonly code: string; readonly column: number; readonly row: number };

/** Every unit of `geography` once, none in another's place. */
export function tilesOf(geography: Geography): readonly Tile[] {
  return ROWS[geography].flatMap((line, row) =>
    line.split(/ +/).flatMap((code, column) => (code === '.' ? [] : [{ code, column, row }])),
  );
}
