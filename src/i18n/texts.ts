/** What an English area must provide: exactly the keys of the Vietnamese one, which is the source of truth. */
export type Texts<Source extends Record<string, string>> = { readonly [Key in keyof Source]: string };
