/** A column of sealed values, and the blind index made of the same value where there is one. */
export type SealedColumn = {
  readonly table: string;
  readonly column: string;
  /** The name under which the value was bound to its place (`SealedPlace.column`). */
  readonly place: string;
  readonly index?: { readonly column: string; readonly purpose: string };
  /** Only rows of these; the column holds something else in others. */
  readonly only?: Readonly<Record<string, string>>;
};

/** What lies sealed in the register for longer than minutes. Protocol artifacts, enrolments of an authenticator app and the sandbox's inbox are not here: they end by
 *  themselves, and until then the old key stays in the ring. A test holds this list against the schema. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'persons',
    column: 'citizen_id_sealed',
    place: 'citizen_id',
    index: { column: 'citizen_id_index', purpose: 'persons.citizen_id' },
  },
  {
    table: 'persons',
    column: 'phone_sealed',
    place: 'phone',
    index: { column: 'phone_index', purpose: 'persons.phone' },
  },
  { table: 'credentials', column: 'secret', place: 'secret', only: { kind: 'totp' } },
  { table: 'outbox', column: 'payload_sealed', place: 'payload' },
];

/** Indexes whose value nobody can read back: made anew when the secret is next shown (a client signs in), or replaced with it. */
export const INDEXES_ALONE: readonly { readonly table: string; readonly column: string }[] = [
  { table: 'clients', column: 'secret_hmac' },
];
