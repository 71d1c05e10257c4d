import { useEffect, useRef, useState } from 'preact/hooks';
import type { AssumableValue } from '../model';
import type { AssumedView, ModelView, UnknownView } from '../protocol/panel';
import { post } from './host';
import { PlaceLink } from './place';
import { Said } from './said';
import { t } from './text';

/** Sizes read by name, values that were assumed (editable), and what is still unknown (with a field to assume it). */
export function Assumptions({ model }: { model: ModelView }) {
  const { facts, assumed, unknowns } = model;
  return (
    <>
      {facts.length + assumed.length > 0 && (
        <ul class="chips" aria-label={t('Values this model was read with')}>
          {facts.map((f) => (
            <li key={f.name} class="chip">
              <PlaceLink place={f.place}>
                {f.name} = <b>{f.value}</b>
              </PlaceLink>
            </li>
          ))}
          {assumed.map((a) => (
            <li key={a.name} class="chip assumed">
              <AssumedChip assumed={a} />
            </li>
          ))}
        </ul>
      )}
      {unknowns.length > 0 && (
        <div class="unknowns" role="group" aria-labelledby="unknowns-title">
          <h2 id="unknowns-title">{t('Not known from the source')}</h2>
          <p class="remark">{t('Numbers that depend on these stay formulas until you assume a value.')}</p>
          <ul>
            {unknowns.map((u) => (
              <UnknownRow key={u.name} unknown={u} />
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function AssumedChip({ assumed }: { assumed: AssumedView }) {
  const [editing, setEditing] = useState(false);
  if (editing) {
    return (
      <ValueForm
        name={assumed.name}
        value={String(assumed.value)}
        choices={[]}
        onDone={() => setEditing(false)}
        focus
      />
    );
  }
  return (
    <>
      <button
        type="button"
        class="link"
        title={t('Change the assumed value of {0}', assumed.name)}
        onClick={() => setEditing(true)}
      >
        {assumed.name} = <b>{String(assumed.value)}</b> {originOf(assumed)} <span aria-hidden="true">✎</span>
      </button>
      {assumed.from === 'setting' && (
        <button
          type="button"
          class="link"
          aria-label={t('Stop assuming {0}', assumed.name)}
          title={t('Stop assuming {0}', assumed.name)}
          onClick={() => post({ type: 'assume', name: assumed.name, value: null })}
        >
          ✕
        </button>
      )}
    </>
  );
}

function originOf(assumed: AssumedView): string {
  switch (assumed.from) {
    case 'argument':
      return t('assumed');
    case 'comment':
      return t('assumed in a comment');
    case 'setting':
      return t('assumed in settings');
  }
}

function UnknownRow({ unknown }: { unknown: UnknownView }) {
  return (
    <li>
      <PlaceLink place={unknown.place}>
        <code>{unknown.name}</code>
      </PlaceLink>
      <span class="reason">
        <Said text={unknown.reason} />
      </span>
      <ValueForm name={unknown.name} value="" choices={unknown.choices} onDone={() => undefined} />
    </li>
  );
}

function ValueForm(props: {
  name: string;
  value: string;
  choices: readonly AssumableValue[];
  onDone: () => void;
  focus?: boolean;
}) {
  const [text, setText] = useState(props.value);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.focus) input.current?.select();
  }, []);
  const list = `choices-${props.name}`;
  const done = () => {
    if (text.trim() !== '') post({ type: 'assume', name: props.name, value: valueOfText(text.trim()) });
    props.onDone();
  };
  return (
    <form
      class="assume"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
      onKeyDown={(event) => event.key === 'Escape' && props.onDone()}
    >
      <input
        ref={input}
        type="text"
        size={10}
        aria-label={t('Value to assume for {0}', props.name)}
        list={props.choices.length > 0 ? list : undefined}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {props.choices.length > 0 && (
        <datalist id={list}>
          {props.choices.map((c) => (
            <option key={String(c)} value={String(c)} />
          ))}
        </datalist>
      )}
      <button type="submit">{t('Assume')}</button>
    </form>
  );
}

/** What is typed is a number or a truth value where it reads as one, else text. */
function valueOfText(text: string): AssumableValue {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const n = Number(text.replace(/[_,]/g, ''));
  return Number.isFinite(n) ? n : text;
}
