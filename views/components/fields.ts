import { html } from 'hono/html';
import type { Html } from '../html.ts';

export type FieldModel = {
  /** Also the element's id, so that the error summary can point to it. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
};

export type TextFieldModel = FieldModel & {
  readonly value?: string | undefined;
  readonly type?: 'text' | 'tel' | 'email' | 'url' | 'search' | 'date' | undefined;
  readonly inputMode?: 'text' | 'numeric' | 'tel' | 'email' | 'search' | undefined;
  /** An HTML autofill token; `off` unless told. */
  readonly autocomplete?: string | undefined;
  readonly maxLength?: number | undefined;
  /** In characters: how much room the answer needs. Full width unless told. */
  readonly width?: 4 | 6 | 12 | 20 | undefined;
  /** When the value's language is not the page's (a Vietnamese name on an English page). */
  readonly lang?: string | undefined;
};

export function textField(model: TextFieldModel): Html {
  const { value = '', type = 'text', inputMode, autocomplete = 'off', maxLength, width, lang } = model;
  return field(
    model,
    html`<input${shared(model)} type="${type}" value="${value}" autocomplete="${autocomplete}" spellcheck="false" autocapitalize="off"${
      inputMode && html` inputmode="${inputMode}"`
    }${maxLength !== undefined && html` maxlength="${maxLength}"`}${width !== undefined && html` class="width-${width}"`}${
      lang !== undefined && html` lang="${lang}"`
    }>`,
  );
}

export type SecretFieldModel = FieldModel & {
  readonly autocomplete: 'current-password' | 'new-password' | 'off';
  /** A passcode: digits only, so phones show the number pad. */
  readonly isNumeric?: boolean | undefined;
  readonly maxLength?: number | undefined;
};

/** A password or passcode. Its value never travels back to the page. Pasting is allowed (WCAG 2.2, 3.3.8). */
export function secretField(model: SecretFieldModel): Html {
  const { autocomplete, isNumeric = false, maxLength } = model;
  return field(
    model,
    html`<span class="secret"><input${shared(model)} type="password" autocomplete="${autocomplete}" spellcheck="false" autocapitalize="off" data-reveal${
      isNumeric && html` inputmode="numeric" class="width-12"`
    }${maxLength !== undefined && html` maxlength="${maxLength}"`}></span>`,
  );
}

export type CodeFieldModel = FieldModel & { readonly digits?: number | undefined };

/** A one-time code from a message or an authenticator app. */
export function codeField(model: CodeFieldModel): Html {
  const { digits = 6 } = model;
  return field(
    model,
    html`<input${shared(model)} class="code width-12" type="text" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" maxlength="${
      // Room for the spaces people type between groups.
      digits + 4
    }">`,
  );
}

export type Option = { readonly value: string; readonly text: string; readonly hint?: string | undefined };
export type SelectFieldModel = FieldModel & {
  readonly options: readonly Option[];
  readonly value?: string | undefined;
  /** The first, empty choice: "Choose a question". */
  readonly placeholder?: string | undefined;
};

export function selectField(model: SelectFieldModel): Html {
  const { options, value = '', placeholder } = model;
  return field(
    model,
    html`<select${shared(model)}>${placeholder !== undefined && html`<option value="">${placeholder}</option>`}${options.map(
      (option) =>
        html`<option value="${option.value}"${option.value === value && html` selected`}>${option.text}</option>`,
    )}</select>`,
  );
}

export type ChoicesModel = FieldModel & { readonly options: readonly Option[]; readonly chosen?: readonly string[] };

/** Any number of answers. Nothing is ticked unless the person ticked it before (Law 91/2025: no default consent). */
export function checkboxes(model: ChoicesModel): Html {
  return choices('checkbox', model);
}

/** One answer of a few. */
export function radios(model: ChoicesModel): Html {
  return choices('radio', model);
}

function choices(type: 'checkbox' | 'radio', model: ChoicesModel): Html {
  const { name, label, hint, error, options, chosen = [] } = model;
  return html`<fieldset class="field${error && ' has-error'}"${describedBy(model)}>
<legend>${label}</legend>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${error && html`<p class="error" id="${name}-error">${error}</p>`}
${options.map((option, index) => {
  // The first one carries the field's own id: the error summary points there.
  const id = index === 0 ? name : `${name}-${index + 1}`;
  return html`<div class="choice"><input type="${type}" id="${id}" name="${name}" value="${option.value}"${
    option.hint && html` aria-describedby="${id}-about"`
  }${chosen.includes(option.value) && html` checked`}><label for="${id}">${option.text}</label>${
    option.hint && html`<p class="hint" id="${id}-about">${option.hint}</p>`
  }</div>`;
})}
</fieldset>`;
}

function field(model: FieldModel, control: Html): Html {
  const { name, label, hint, error } = model;
  return html`<div class="field${error && ' has-error'}">
<label for="${name}">${label}</label>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${error && html`<p class="error" id="${name}-error">${error}</p>`}
${control}
</div>`;
}

function shared(model: FieldModel): Html {
  return html` id="${model.name}" name="${model.name}"${describedBy(model)}${model.error && html` aria-invalid="true"`}`;
}

function describedBy({ name, hint, error }: FieldModel): Html | false {
  const ids = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return ids !== '' && html` aria-describedby="${ids}"`;
}
