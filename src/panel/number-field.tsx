import { useEffect, useState } from 'preact/hooks';
import { t } from './text';

/** A positive integer to type; tells what is wrong with it instead of correcting it silently. */
export function NumberField(props: {
  id: string;
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
  hideLabel?: boolean;
}) {
  const { id, value, min, max } = props;
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const wrong = problemOf(text, min, max);
  const take = (typed: string) => {
    setText(typed);
    if (problemOf(typed, min, max) === undefined && Number(typed) !== value) props.onChange(Number(typed));
  };
  return (
    <span class="field">
      <label for={id} class={props.hideLabel ? 'sr-only' : ''}>
        {props.label}
      </label>
      <input
        id={id}
        class="number"
        type="text"
        inputMode="numeric"
        size={6}
        value={text}
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
        onInput={(event) => take(event.currentTarget.value)}
        onBlur={() => setText(String(value))}
      />
      {wrong !== undefined && (
        <span class="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </span>
      )}
    </span>
  );
}

function problemOf(text: string, min: number, max: number): string | undefined {
  const n = Number(text);
  return text.trim() !== '' && Number.isInteger(n) && n >= min && n <= max
    ? undefined
    : t('a whole number from {0} to {1}', min, max);
}
