import { calendarDateText } from '../i18n/dates.ts';
import type { Locale, TextKey, Translate } from '../i18n/translator.ts';
import { type Json, textClaim } from './received.ts';

type TextOf<Prefix extends string> = Extract<TextKey, `demo.${Prefix}_${string}`>;

/** One field of a paper form: prefilled from a claim if it came, else typed. */
export type FieldDefinition = {
  readonly name: string;
  readonly label: TextOf<'field'>;
  /** The claim it is filled from, `address.locality` for a member of a claim. Without it the person always types. */
  readonly claim?: string;
  readonly show?: 'date' | 'gender' | 'residence_type' | 'country';
  /** Choices to pick from. */
  readonly options?: Readonly<Record<string, TextOf<'option'>>>;
  /** Not everybody has one: a middle name. */
  readonly isOptional?: boolean;
};

export type FilledField = FieldDefinition & {
  /** As shown. */
  readonly value: string;
  readonly isPrefilled: boolean;
};

export type FormSubmission =
  | { readonly kind: 'complete'; readonly fields: readonly FilledField[] }
  | { readonly kind: 'incomplete'; readonly fields: readonly FilledField[]; readonly wrong: readonly FilledField[] };

const CERTIFICATES = { number_1: 'demo.option_number_1', number_2: 'demo.option_number_2' } as const;
const DELIVERIES = { online: 'demo.option_online', post: 'demo.option_post' } as const;

/** 17 fields, of which 13 can be prefilled. */
export const JUDICIAL_FORM: readonly FieldDefinition[] = [
  { name: 'family_name', label: 'demo.field_family_name', claim: 'family_name' },
  { name: 'middle_name', label: 'demo.field_middle_name', claim: 'middle_name', isOptional: true },
  { name: 'given_name', label: 'demo.field_given_name', claim: 'given_name' },
  { name: 'birth_date', label: 'demo.field_birth_date', claim: 'birthdate', show: 'date' },
  { name: 'gender', label: 'demo.field_gender', claim: 'gender', show: 'gender' },
  { name: 'citizen_number', label: 'demo.field_citizen_number', claim: 'citizen_id' },
  { name: 'nationality', label: 'demo.field_nationality', claim: 'nationalities', show: 'country' },
  { name: 'birth_place', label: 'demo.field_birth_place', claim: 'place_of_birth' },
  { name: 'residence', label: 'demo.field_residence', claim: 'address.formatted' },
  { name: 'ward', label: 'demo.field_ward', claim: 'address.locality' },
  { name: 'province', label: 'demo.field_province', claim: 'address.region' },
  { name: 'residence_kind', label: 'demo.field_residence_kind', claim: 'residence_type', show: 'residence_type' },
  { name: 'phone', label: 'demo.field_phone', claim: 'phone_number' },
  { name: 'certificate', label: 'demo.field_certificate', options: CERTIFICATES },
  { name: 'purpose', label: 'demo.field_purpose' },
  { name: 'occupation', label: 'demo.field_occupation' },
  { name: 'delivery', label: 'demo.field_delivery', options: DELIVERIES },
];

export const RESIDENCE_FORM: readonly FieldDefinition[] = [
  { name: 'full_name', label: 'demo.field_full_name', claim: 'name' },
  { name: 'birth_date', label: 'demo.field_birth_date', claim: 'birthdate', show: 'date' },
  { name: 'residence', label: 'demo.field_residence', claim: 'address.formatted' },
  { name: 'residence_kind', label: 'demo.field_residence_kind', claim: 'residence_type', show: 'residence_type' },
  { name: 'phone', label: 'demo.field_phone', claim: 'phone_number' },
  { name: 'recipient', label: 'demo.field_recipient' },
];

/** Fills in what the claims hold; the rest is empty and left to the person. */
export function fillForm(form: readonly FieldDefinition[], claims: Json, locale: Locale, t: Translate): FilledField[] {
  return form.map((field) => {
    const value = prefilledValue(field, claims, locale, t);
    return { ...field, value: value ?? '', isPrefilled: value !== undefined };
  });
}

/** What was sent: typed fields as typed, prefilled ones from the session again, whatever the browser says about them. */
export function judgeForm(fields: readonly FilledField[], typed: (name: string) => string): FormSubmission {
  const sent = fields.map((field) =>
    field.isPrefilled ? field : { ...field, value: typed(field.name).slice(0, 300) },
  );
  const wrong = sent.filter((field) => !field.isPrefilled && !isAnswered(field));
  return wrong.length === 0 ? { kind: 'complete', fields: sent } : { kind: 'incomplete', fields: sent, wrong };
}

function isAnswered({ value, options, isOptional }: FilledField): boolean {
  if (options !== undefined) return Object.hasOwn(options, value);
  return isOptional === true || value !== '';
}

type Presenter = (text: string, locale: Locale, t: Translate) => string;

const PRESENTERS: Readonly<Record<NonNullable<FieldDefinition['show']>, Presenter>> = {
  date: (text, locale) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? calendarDateText(locale, text) : text),
  gender: (text, _, t) => (text === 'male' || text === 'female' ? t(`demo.value_${text}`) : text),
  residence_type: (text, _, t) => (text === 'permanent' || text === 'temporary' ? t(`demo.value_${text}`) : text),
  // ISO 3166 in three letters is what the claim holds; Intl knows names by two.
  country: (text, locale) =>
    text === 'VNM' ? (new Intl.DisplayNames([locale], { type: 'region' }).of('VN') ?? text) : text,
};

function prefilledValue(
  { claim, show }: FieldDefinition,
  claims: Json,
  locale: Locale,
  t: Translate,
): string | undefined {
  const text = claim === undefined ? undefined : claimText(claims, claim);
  return text === undefined || show === undefined ? text : PRESENTERS[show](text, locale, t);
}

/** Of `address.locality` the member, of a list its parts, of a place its name. */
function claimText(claims: Json, claim: string): string | undefined {
  const [name = '', member] = claim.split('.');
  const value = claims[name];
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(', ');
  if (typeof value === 'object' && value !== null) {
    const place = value as Json;
    return member === undefined
      ? (textClaim(place, 'locality') ?? textClaim(place, 'region') ?? textClaim(place, 'country'))
      : textClaim(place, member);
  }
  return textClaim(claims, name);
}
