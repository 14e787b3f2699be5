type Schema = boolean | { readonly [keyword: string]: unknown };
type Rule = (value: unknown, of: unknown, at: Place) => string[];
type Place = { readonly path: string; readonly schema: Record<string, unknown>; readonly document: unknown };

/** What in `value` is not as the schema says, by its path. Only the keywords that our documents use: any other is a fault. */
export function schemaFaults(document: unknown, schema: Schema, value: unknown, path = '$'): string[] {
  if (typeof schema === 'boolean') return schema ? [] : [`${path} must not be there`];
  return Object.entries(schema).flatMap(([keyword, of]) => {
    const rule = RULES[keyword];
    if (rule === undefined) return [`${path}: the keyword ${keyword} is not known here`];
    return rule(value, of, { path, schema, document });
  });
}

const says = (isSo: boolean, path: string, what: string): string[] => (isSo ? [] : [`${path} ${what}`]);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: isObject,
};

const RULES: Readonly<Record<string, Rule>> = {
  $ref: (value, of, { path, document }) => schemaFaults(document, resolve(document, String(of)), value, path),
  type: (value, of, { path }) =>
    says(
      [of].flat().some((type) => TYPES[String(type)]?.(value) === true),
      path,
      `is no ${String(of)}`,
    ),
  const: (value, of, { path }) => says(value === of, path, `is not ${String(of)}`),
  enum: (value, of, { path }) => says((of as unknown[]).includes(value), path, 'is none of those listed'),
  pattern: (value, of, { path }) =>
    says(typeof value !== 'string' || new RegExp(String(of)).test(value), path, 'has another pattern'),
  minimum: (value, of, { path }) => says(typeof value !== 'number' || value >= Number(of), path, 'is too small'),
  maximum: (value, of, { path }) => says(typeof value !== 'number' || value <= Number(of), path, 'is too large'),
  format: () => [],
  description: () => [],
  anyOf: (value, of, at) => oneOf(value, of as Schema[], at),
  oneOf: (value, of, at) => oneOf(value, of as Schema[], at),
  items: (value, of, { path, document }) =>
    Array.isArray(value) ? value.flatMap((one, at) => schemaFaults(document, of as Schema, one, `${path}[${at}]`)) : [],
  required: (value, of, { path }) =>
    isObject(value)
      ? (of as string[]).filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`)
      : [],
  properties: (value, of, { path, document }) =>
    isObject(value)
      ? Object.entries(of as Record<string, Schema>).flatMap(([name, schema]) =>
          name in value ? schemaFaults(document, schema, value[name], `${path}.${name}`) : [],
        )
      : [],
  additionalProperties: (value, of, { path, schema, document }) =>
    isObject(value)
      ? Object.entries(value)
          .filter(([name]) => !(name in ((schema['properties'] as object | undefined) ?? {})))
          .flatMap(([name, one]) => schemaFaults(document, of as Schema, one, `${path}.${name}`))
      : [],
  propertyNames: (value, of, { path, document }) =>
    isObject(value)
      ? Object.keys(value).flatMap((name) => schemaFaults(document, of as Schema, name, `${path}.${name}`))
      : [],
};

function oneOf(value: unknown, schemas: readonly Schema[], { path, document }: Place): string[] {
  const tried = schemas.map((schema) => schemaFaults(document, schema, value, path));
  if (tried.some((faults) => faults.length === 0)) return [];
  return tried.toSorted((a, b) => a.length - b.length)[0] ?? [`${path} fits nothing`];
}

function resolve(document: unknown, reference: string): Schema {
  let at = document;
  for (const part of reference.replace(/^#\//, '').split('/')) at = (at as Record<string, unknown>)[part];
  if (at === undefined) throw new Error(`${reference} leads nowhere`);
  return at as Schema;
}
