/** An instant as its column: epoch milliseconds, null when absent. */
export function millisOf(instant: Date | undefined): number | null {
  return instant === undefined ? null : instant.getTime();
}

/** A nullable column as an instant, undefined when null. */
export function instantOf(millis: number | null): Date | undefined {
  return millis === null ? undefined : new Date(millis);
}

/** The columns that are to be written: an update leaves alone what was not named. */
export function changedColumns<T extends object>(columns: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The properties that have a value: a null column becomes an absent property. */
export function presentValues<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
