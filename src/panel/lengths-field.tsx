import { useEffect, useState } from 'preact/hooks';
import { type Workload, areLengths, withLengths } from '../model';
import { post } from './host';
import { t } from './text';

/** Lengths of a batch's sequences, with commas between; empty: all are as long as T. */
export function LengthsField({ workload }: { workload: Workload }) {
  const written = (workload.lengths ?? []).join(', ');
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  const wrong = lengthsIn(text) === undefined;
  const take = () => {
    const lengths = lengthsIn(text);
    if (lengths && lengths.join() !== (workload.lengths ?? []).join())
      post({ type: 'workload', workload: withLengths(workload, lengths) });
  };
  return (
    <span class="field">
      <label for="workload-lengths">{t('lengths of the sequences, where they differ')}</label>
      <input
        id="workload-lengths"
        type="text"
        size={16}
        placeholder="5, 3, 1"
        value={text}
        aria-invalid={wrong}
        aria-describedby={wrong ? 'workload-lengths-wrong' : undefined}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={take}
      />
      {wrong && (
        <span class="wrong" id="workload-lengths-wrong" role="alert">
          {t('whole numbers from 1 up, with commas between')}
        </span>
      )}
    </span>
  );
}

function lengthsIn(text: string): readonly number[] | undefined {
  if (text.trim() === '') return [];
  const lengths = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  return areLengths(lengths) ? lengths : undefined;
}
