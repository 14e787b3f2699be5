import { boundsOf, type KnownSum } from './simplex.ts';

/** What is there, of each unit, account level (1, 2) and month: all that an attacker wants to know. */
export type MonthOf = {
  readonly notified: number;
  readonly activated: number;
  readonly onTime: number;
  readonly signedIn: number;
};
/** By unit, by level, by month. */
export type Register = readonly (readonly (readonly MonthOf[])[])[];

/** Unknowns of one unit, level and month: what was added in it. `open`: not activated at its end. */
const GRANTS = ['notified', 'activated', 'open', 'onTime', 'late'] as const;
/** Of one unit and month: residents added, of level 2, who signed in; and the rest of each at its end. */
const PERSONS = ['persons', 'used', 'unused', 'otherLevel', 'twice'] as const;
type Grant = (typeof GRANTS)[number];
type Person = (typeof PERSONS)[number];

export type Figures = Readonly<Record<string, { numerator: number | null; denominator: number | null }>>;

/** Everything that the public can write down about units, months and levels, as sums of unknowns. `unit` undefined: the whole. */
export function publicKnowledge(units: number, months: number) {
  const sums: KnownSum[] = [];
  const perUnit = GRANTS.length * 2 + PERSONS.length;
  const at = (unit: number, month: number): number => (unit * months + month) * perUnit;
  const grant = (name: Grant, unit: number, level: number, month: number): number =>
    at(unit, month) + GRANTS.length * level + GRANTS.indexOf(name);
  const person = (name: Person, unit: number, month: number): number =>
    at(unit, month) + GRANTS.length * 2 + PERSONS.indexOf(name);
  const upTo = (month: number): number[] => Array.from({ length: month + 1 }, (_, index) => index);
  const places = (unit: number | undefined): number[] => (unit === undefined ? [...Array(units).keys()] : [unit]);
  const levels = (level: number | undefined): number[] => (level === undefined ? [0, 1] : [level]);
  const grants = (
    name: Grant,
    of: { unit?: number | undefined; level?: number | undefined; month: number },
  ): number[] =>
    places(of.unit).flatMap((unit) =>
      levels(of.level).flatMap((level) => upTo(of.month).map((month) => grant(name, unit, level, month))),
    );
  const persons = (name: Person, of: { unit?: number | undefined; month: number }): number[] =>
    places(of.unit).flatMap((unit) => upTo(of.month).map((month) => person(name, unit, month)));
  const learn = (value: number | null | undefined, of: readonly number[], less: readonly number[] = []): void => {
    if (typeof value === 'number') sums.push({ of, less, value });
  };
  // What everybody knows: nobody activates who was not notified, nobody signs in who did not activate, and whoever activated level 2 is a person.
  for (const unit of Array(units).keys()) {
    for (const month of Array(months).keys()) {
      for (const level of [0, 1]) {
        const of = { unit, level, month };
        sums.push({
          of: grants('notified', of),
          less: [...grants('activated', of), grant('open', unit, level, month)],
          value: 0,
        });
      }
      const here = { unit, month };
      const all = persons('persons', here);
      sums.push({ of: all, less: [...persons('used', here), person('unused', unit, month)], value: 0 });
      sums.push({
        of: all,
        less: [...grants('activated', { ...here, level: 1 }), person('otherLevel', unit, month)],
        value: 0,
      });
      sums.push({ of: grants('activated', here), less: [...all, person('twice', unit, month)], value: 0 });
    }
  }
  return {
    /** Figures of a unit, or of the whole, at the end of a month, of one level (0, 1) or both. */
    learnFigures(figures: Figures, of: { unit?: number | undefined; level?: number | undefined; month: number }): void {
      const rate = (id: string): { numerator: number | null; denominator: number | null } | undefined => figures[id];
      learn(rate('activation_of_granted')?.numerator, grants('activated', of));
      learn(rate('activation_of_granted')?.denominator, grants('notified', of));
      learn(rate('on_time')?.numerator, grants('onTime', of));
      learn(rate('on_time')?.denominator, [...grants('onTime', of), ...grants('late', of)]);
      const all = persons('persons', of);
      learn(rate('level2_share')?.denominator, all);
      learn(rate('level2_share')?.numerator, grants('activated', { ...of, level: 1 }));
      learn(rate('activation_of_population')?.numerator, all);
      learn(rate('activation_of_target')?.numerator, all);
      learn(rate('activated_and_used')?.numerator, persons('used', of));
    },
    /** Each small count (1 to 9) of one unit, at the end of a month or added in it, with what can be said of it. */
    smallCounts(register: Register): { what: string; value: number; least: number; most: number }[] {
      const targets: { what: string; value: number; of: number[] }[] = [];
      const add = (what: string, value: number, of: number[]): void => {
        if (value >= 1 && value <= 9) targets.push({ what, value, of });
      };
      for (const [unit, byLevel] of register.entries()) {
        for (const month of Array(months).keys()) {
          for (const level of [undefined, 0, 1]) {
            const of = { unit, level, month };
            const total = (pick: (one: MonthOf) => number, from: number): number =>
              levels(level).reduce(
                (sum, each) =>
                  sum + (byLevel[each] ?? []).slice(from, month + 1).reduce((all, one) => all + pick(one), 0),
                0,
              );
            const name = `unit ${unit} level ${level ?? 'all'} month ${month}`;
            const both = (what: Grant, pick: (one: MonthOf) => number): void => {
              add(`${name} ${what}`, total(pick, 0), grants(what, of));
              add(
                `${name} ${what} added`,
                total(pick, month),
                levels(level).map((each) => grant(what, unit, each, month)),
              );
            };
            both('notified', (one) => one.notified);
            both('activated', (one) => one.activated);
            both('onTime', (one) => one.onTime);
            both('late', (one) => one.notified - one.onTime);
            add(
              `${name} open`,
              total((one) => one.notified - one.activated, 0),
              levels(level).map((each) => grant('open', unit, each, month)),
            );
            if (level !== undefined) continue;
            add(
              `${name} used`,
              total((one) => one.signedIn, 0),
              persons('used', of),
            );
            add(
              `${name} used added`,
              total((one) => one.signedIn, month),
              [person('used', unit, month)],
            );
            add(
              `${name} unused`,
              total((one) => one.activated - one.signedIn, 0),
              [person('unused', unit, month)],
            );
          }
        }
      }
      const bounds = boundsOf(
        units * months * perUnit,
        sums,
        targets.map(({ of }) => of),
      );
      return targets.map(({ what, value }, index) => ({
        what,
        value,
        ...(bounds[index] as { least: number; most: number }),
      }));
    },
  };
}
