import type { html } from 'hono/html';

/** What the escaping `html` tag of hono/html gives, and what it takes back without escaping twice. */
export type Html = ReturnType<typeof html>;

/** Anything a component may be given as content: text is escaped, Html is not escaped again, false and undefined vanish. */
export type Content =
  | Html
  | string
  | number
  | false
  | undefined
  | readonly (Html | string | number | false | undefined)[];
