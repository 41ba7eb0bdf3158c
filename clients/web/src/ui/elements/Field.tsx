import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What an input may be given besides; its value and labels are the field's own. */
export interface InputOptions {
  inputMode?: 'text' | 'numeric' | 'url';
  autocomplete?: 'off' | 'name' | 'username' | 'one-time-code';
  autocapitalize?: 'off' | 'words' | 'characters';
  spellcheck?: boolean;
  autofocus?: boolean;
  required?: boolean;
  maxLength?: number;
  placeholder?: string;
  class?: string;
}

/** A labelled input with its hint, fault or praise below; both belong to the input for screen readers. */
export function Field(props: {
  label: string;
  value: string;
  /** `composing`: an input method is at work; the value is not to be mended before it has ended. */
  onValue: (value: string, composing: boolean) => void;
  hint?: ComponentChildren;
  fault?: string | undefined;
  input?: InputOptions;
  after?: ComponentChildren;
}) {
  const id = useId();
  const told = props.fault ?? props.hint;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="field-row">
        <input
          {...props.input}
          type="text"
          id={id}
          value={props.value}
          aria-invalid={props.fault ? 'true' : undefined}
          aria-describedby={told ? `${id}-told` : undefined}
          onInput={(event) => props.onValue(event.currentTarget.value, event.isComposing)}
          onCompositionEnd={(event) => props.onValue(event.currentTarget.value, false)}
        />
        {props.after}
      </div>
      {told && (
        <p id={`${id}-told`} class={props.fault ? 'fault' : 'hint'}>
          {told}
        </p>
      )}
    </div>
  );
}

export function Switch(props: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  hint?: string;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div class="switch">
      <button
        type="button"
        role="switch"
        aria-checked={props.on}
        aria-labelledby={`${id}-label`}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        disabled={props.disabled}
        class="switch-track"
        onClick={() => props.onChange(!props.on)}
      >
        <span class="switch-knob" />
      </button>
      <div>
        <span id={`${id}-label`} class="switch-label">
          {props.label}
        </span>
        {props.hint && (
          <p id={`${id}-hint`} class="hint">
            {props.hint}
          </p>
        )}
      </div>
    </div>
  );
}
