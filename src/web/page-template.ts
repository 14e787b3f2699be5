import { randomBytes } from 'node:crypto';
import type { Html } from '../../views/html.ts';

/** A page rendered ahead. Each value is put where its slot was, as it is: escape it before. */
export type PageTemplate<Slot extends string> = (values: Readonly<Record<Slot, string>>) => string;

// Random: nobody's name can hold one.
const MARK = `slot-${randomBytes(12).toString('hex')}-`;

/** Renders a page once, for all those who get the same but for a few places.
 *  @param page is given a mark for each slot, to be placed as text or in an attribute. */
export async function pageTemplate<Slot extends string>(
  slots: readonly Slot[],
  page: (marks: Readonly<Record<Slot, string>>) => Html | Promise<string>,
): Promise<PageTemplate<Slot>> {
  const marks = Object.fromEntries(slots.map((slot) => [slot, `${MARK}${slot}-`])) as Record<Slot, string>;
  // Text and slot in turn.
  const parts = String(await page(marks)).split(new RegExp(`${MARK}(\\w+)-`));
  return (values) => parts.map((part, index) => (index % 2 === 0 ? part : values[part as Slot])).join('');
}
