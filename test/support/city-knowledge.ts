import { boundsOf, type KnownSum } from './simplex.ts';

/** Who activated first on one day: so many of a unit, age and sex, through a channel, of the notices of a week. */
export type Group = {
  readonly unit: number;
  /** Index of `ages`. */
  readonly age: number;
  readonly sex: 0 | 1;
  readonly channel: number;
  /** Index of `weeks`: when they were notified. */
  readonly week: number;
  /** Index of `days`. */
  readonly day: number;
  readonly persons: number;
  /** Of these activated their other level, so many on a day. */
  readonly again: readonly number[];
};

/** The days on which anything happens, the weeks of notices, and what the groups are told apart by. */
export type Frame = {
  readonly units: number;
  readonly ages: readonly number[];
  readonly channels: number;
  readonly weeks: readonly string[];
  readonly days: readonly string[];
  readonly months: readonly string[];
  readonly services: number;
  /** Whether it is told on purpose how many activated a second level: where nobody but those of the age of all days is counted, the grants of each day tell it. */
  readonly isLevelTold: boolean;
};

type Target = { readonly name: string; readonly value: number; readonly of: readonly number[] };

/** Everything that can be written down about one city, as sums of unknowns: what each day added to each unit and age, age and sex, channel and week. The tables are of the same people,
 *  so that what one tells of a sum another may tell of its parts. The attacker is told more than there is to know: that nobody dies, moves or has a birthday, who was
 *  notified, and that whoever uses a relying party has activated. */
export function cityKnowledge(frame: Frame) {
  const { units, ages, channels, weeks, days, months, services } = frame;
  const known: KnownSum[] = [];
  let width = 0;
  const block = (...sizes: readonly number[]) => {
    const start = width;
    width += sizes.reduce((all, size) => all * size, 1);
    return (...at: readonly number[]): number =>
      start + at.reduce((index, one, depth) => index * (sizes[depth] ?? 1) + one, 0);
  };
  const inUnit = block(units, ages.length, days.length);
  const ofSex = block(2, ages.length, days.length);
  const through = block(channels, days.length);
  const ofWeek = block(weeks.length, days.length);
  const open = block(weeks.length, months.length);
  const again = block(units, days.length);
  const using = block(services, months.length);
  const notUsing = block(services, months.length);

  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const daysTo = (day: string): number[] => range(days.length).filter((at) => (days[at] as string) <= day);
  const daysIn = (month: string): number[] => range(days.length).filter((at) => days[at]?.startsWith(month) === true);
  const agesFrom = (age: number): number[] => range(ages.length).filter((at) => (ages[at] as number) >= age);
  const personsOf = (
    some: readonly number[],
    of: { unit?: number | undefined; from?: number; sex?: number },
  ): number[] =>
    agesFrom(of.from ?? 0).flatMap((age) =>
      some.flatMap((day) => {
        if (of.sex !== undefined) return [ofSex(of.sex, age, day)];
        return (of.unit === undefined ? range(units) : [of.unit]).map((unit) => inUnit(unit, age, day));
      }),
    );
  const againOf = (some: readonly number[], unit?: number): number[] =>
    some.flatMap((day) => (unit === undefined ? range(units) : [unit]).map((one) => again(one, day)));
  const learn = (value: number | null | undefined, of: readonly number[], less: readonly number[] = []): void => {
    if (typeof value === 'number') known.push({ of, less, value });
  };
  const endOf = (month: number): string => `${months[month]}-31`;

  for (const day of range(days.length)) {
    for (const age of range(ages.length))
      learn(
        0,
        range(units).map((unit) => inUnit(unit, age, day)),
        [ofSex(0, age, day), ofSex(1, age, day)],
      );
    const grants = [...personsOf([day], {}), ...againOf([day])];
    learn(
      0,
      grants,
      range(channels).map((channel) => through(channel, day)),
    );
    learn(
      0,
      personsOf([day], {}),
      range(weeks.length).map((week) => ofWeek(week, day)),
    );
  }
  for (const [month] of months.entries())
    for (const service of range(services))
      learn(0, personsOf(daysTo(endOf(month)), {}), [
        ...range(month + 1).map((at) => using(service, at)),
        notUsing(service, month),
      ]);

  return {
    /** Activations of grants up to a day, of a unit or of all. */
    learnGrants: (value: number | null, day: string, unit?: number): void =>
      learn(value, [...personsOf(daysTo(day), { unit }), ...againOf(daysTo(day), unit)]),
    /** Persons of at least an age who ever activated. */
    learnPersons: (value: number | null, day: string, of: { from: number; unit?: number | undefined }): void =>
      learn(value, personsOf(daysTo(day), of)),
    /** The same of one age alone, of one sex. */
    learnCell: (value: number | null, day: string, of: { age: number; sex: number }): void =>
      learn(
        value,
        daysTo(day).map((at) => ofSex(of.sex, ages.indexOf(of.age), at)),
      ),
    learnChannel: (value: number | null, day: string, channel: number): void =>
      learn(
        value,
        daysTo(day).map((at) => through(channel, at)),
      ),
    /** Of the notices of one week. */
    learnWeek: (value: number | null, day: string, week: number): void =>
      learn(
        value,
        daysTo(day).map((at) => ofWeek(week, at)),
      ),
    /** Of all notices from a day on; those of a second level came on its day. */
    learnNotices: (value: number | null, day: string, from: string): void =>
      learn(value, [
        ...range(weeks.length).flatMap((week) =>
          (weeks[week] as string) < from ? [] : daysTo(day).map((at) => ofWeek(week, at)),
        ),
        ...againOf(daysTo(day).filter((at) => (days[at] as string) >= from)),
      ]),
    /** How many were notified in a week: every day's figures tell. */
    learnNotified: (value: number, week: number, month: number): void =>
      learn(value, [...daysTo(endOf(month)).map((at) => ofWeek(week, at)), open(week, month)]),
    /** First activations of persons of every age, from a day to another. */
    learnWindow: (value: number | null, from: string, to: string): void =>
      learn(
        value,
        personsOf(
          daysTo(to).filter((at) => (days[at] as string) >= from),
          {},
        ),
      ),
    learnSubjects: (value: number | null, month: number, service: number): void =>
      learn(
        value,
        range(month + 1).map((at) => using(service, at)),
      ),
    /** Counts of 1 to 9 that have one value left: of what names an age, a sex, a unit, a channel, a week or a relying party, and of who activated a second level (of a unit not: who moved
     *  and who died are in that difference too). */
    found(
      groups: readonly Group[],
      subjects: readonly (readonly number[])[],
      notified: (week: number, month: number) => number,
    ): string[] {
      const count = (of: (one: Group) => boolean, some: readonly number[]): number =>
        groups.filter((one) => of(one) && some.includes(one.day)).reduce((sum, one) => sum + one.persons, 0);
      const againCount = (of: (one: Group) => boolean, some: readonly number[]): number =>
        groups.filter(of).reduce((sum, one) => sum + some.reduce((all, day) => all + (one.again[day] ?? 0), 0), 0);
      const targets: Target[] = [];
      const add = (name: string, value: number, of: readonly number[]): void => {
        if (value >= 1 && value <= 9) targets.push({ name, value, of });
      };
      const spans = [
        ...months.map((month, at) => ({ name: `until ${month}`, some: daysTo(endOf(at)) })),
        ...months.map((month) => ({ name: `in ${month}`, some: daysIn(month) })),
        ...days.map((day, at) => ({ name: `on ${day}`, some: [at] })),
      ];
      for (const { name, some } of spans) {
        for (const [age, years] of ages.entries()) {
          const isAge = (one: Group): boolean => one.age === age;
          for (const sex of [0, 1])
            add(
              `${years} years, sex ${sex} ${name}`,
              count((one) => isAge(one) && one.sex === sex, some),
              some.map((day) => ofSex(sex, age, day)),
            );
          add(
            `${years} years ${name}`,
            count(isAge, some),
            some.flatMap((day) => [ofSex(0, age, day), ofSex(1, age, day)]),
          );
          for (const unit of range(units))
            add(
              `${years} years, unit ${unit} ${name}`,
              count((one) => isAge(one) && one.unit === unit, some),
              some.map((day) => inUnit(unit, age, day)),
            );
        }
        for (const unit of range(units)) {
          const isHere = (one: Group): boolean => one.unit === unit;
          add(`unit ${unit} ${name}`, count(isHere, some), personsOf(some, { unit }));
        }
        const second = againCount(() => true, some);
        if (!frame.isLevelTold) add(`second level ${name}`, second, againOf(some));
        for (const channel of range(channels)) {
          const came = (one: Group): boolean => one.channel === channel;
          add(
            `channel ${channel} ${name}`,
            count(came, some) + againCount(came, some),
            some.map((day) => through(channel, day)),
          );
        }
        for (const week of range(weeks.length))
          add(
            `week ${week} ${name}`,
            count((one) => one.week === week, some),
            some.map((day) => ofWeek(week, day)),
          );
      }
      for (const [month, text] of months.entries()) {
        for (const week of range(weeks.length)) {
          const rest = notified(week, month) - count((one) => one.week === week, daysTo(endOf(month)));
          add(`week ${week} open at ${text}`, rest, [open(week, month)]);
        }
        for (const service of range(services)) {
          const came = (to: number): number =>
            (subjects[service] ?? []).slice(0, to).reduce((sum, one) => sum + one, 0);
          add(`service ${service} in ${text}`, came(month + 1) - came(month), [using(service, month)]);
          add(
            `service ${service} until ${text}`,
            came(month + 1),
            range(month + 1).map((at) => using(service, at)),
          );
          const all = count(() => true, daysTo(endOf(month)));
          add(`never at service ${service} until ${text}`, all - came(month + 1), [notUsing(service, month)]);
        }
      }
      const bounds = boundsOf(
        width,
        known,
        targets.map(({ of }) => of),
      );
      return targets.flatMap(({ name, value }, index) => {
        const { least, most } = bounds[index] as { least: number; most: number };
        return Math.ceil(least - 1e-6) === Math.floor(most + 1e-6) ? [`${name}: ${value}`] : [];
      });
    },
  };
}
