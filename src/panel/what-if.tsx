import { useEffect, useRef, useState } from 'preact/hooks';
import type { Quantity, WhatIfValues, WhatIfView } from '../protocol/panel';
import { formatPercent } from '../report/numbers';
import { CELL_NAMES } from './cells';
import { CostCurves } from './cost-curves';
import { post } from './host';
import { NumberField } from './number-field';
import { Num, type Unit } from './quantity';
import { Section } from './section';
import { say, t } from './text';
import { NumberTypeField } from './totals';

/** Sliders over the layer's sizes. Nothing in the file changes until "Apply to source". */
export function WhatIf({ whatIf, saved }: { whatIf: WhatIfView; saved: boolean }) {
  const [values, setValues] = useDraft(whatIf);
  const { written, can } = whatIf;
  const changed = JSON.stringify(values) !== JSON.stringify(written);
  const set = (part: Partial<WhatIfValues>) => setValues({ ...values, ...part });
  return (
    <Section
      id="what-if"
      title={t('What if')}
      remark={saved ? t('nothing changes in the file') : t('nothing changes in the file until you apply')}
      actions={
        <>
          <button type="button" disabled={!changed} onClick={() => setValues(null)}>
            {t('Reset')}
          </button>
          {!saved && (
            <button
              type="button"
              class="primary"
              disabled={!changed || !whatIf.apply.possible}
              title={whatIf.apply.reason ? say(whatIf.apply.reason) : undefined}
              onClick={() => post({ type: 'apply', change: { type: 'what-if' } })}
            >
              {t('Apply to source…')}
            </button>
          )}
        </>
      }
    >
      <div class="sliders">
        <Slider
          id="hidden"
          label={t('hidden size')}
          value={values.hiddenSize}
          max={Math.max(512, written.hiddenSize * 4)}
          onChange={(hiddenSize) => set({ hiddenSize })}
        />
        {can.numLayers && (
          <Slider
            id="layers-count"
            label={t('layers')}
            value={values.numLayers}
            max={Math.max(8, written.numLayers)}
            onChange={(numLayers) => set({ numLayers })}
          />
        )}
        {can.projSize && (
          <Slider
            id="proj"
            label={t('projection')}
            value={values.projSize}
            min={0}
            max={Math.max(1, values.hiddenSize - 1)}
            onChange={(projSize) => set({ projSize })}
          />
        )}
        <Slider
          id="seq"
          label={t('sequence length')}
          value={values.seqLen}
          max={Math.max(1000, written.seqLen * 2)}
          onChange={(seqLen) => set({ seqLen })}
        />
        <Slider
          id="batch"
          label={t('batch')}
          value={values.batch}
          max={Math.max(256, written.batch * 2)}
          onChange={(batch) => set({ batch })}
        />
        <div class="slider choices">
          {can.bidirectional && (
            <label class="inline">
              <input
                type="checkbox"
                checked={values.bidirectional}
                onChange={(event) => set({ bidirectional: event.currentTarget.checked })}
              />
              {t('both directions')}
            </label>
          )}
          <NumberTypeField
            id="what-if-type"
            value={values.numberType}
            onChange={(numberType) => set({ numberType })}
          />
        </div>
      </div>
      {changed && whatIf.apply.reason && <p class="notice">{say(whatIf.apply.reason)}</p>}
      <Effect whatIf={whatIf} />
      <CostCurves whatIf={whatIf} />
    </Section>
  );
}

/**
 * The sliders answer at once; the extension, which does the arithmetic, hears of them once a frame.
 * Null puts everything back.
 */
function useDraft(whatIf: WhatIfView) {
  const [draft, setDraft] = useState<WhatIfValues | null>(null);
  const frame = useRef(0);
  const waiting = useRef<WhatIfValues | null>(null);
  useEffect(() => setDraft(null), [whatIf]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  const set = (values: WhatIfValues | null) => {
    setDraft(values ?? whatIf.written);
    waiting.current = values;
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => post({ type: 'what-if', values: waiting.current }));
  };
  return [draft ?? whatIf.values, set] as const;
}

function Slider(props: {
  id: string;
  label: string;
  value: number;
  min?: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const { id, value, min = 1, max } = props;
  return (
    <div class="slider">
      <NumberField
        id={`what-if-${id}`}
        label={props.label}
        value={value}
        min={min}
        max={1_000_000}
        onChange={props.onChange}
      />
      <input
        type="range"
        aria-label={t('{0}, slider', props.label)}
        min={min}
        max={Math.max(max, value)}
        value={value}
        onInput={(event) => props.onChange(Number(event.currentTarget.value))}
      />
    </div>
  );
}

function Effect({ whatIf }: { whatIf: WhatIfView }) {
  const { before, after } = whatIf;
  const rows: readonly [string, Quantity, Quantity, Unit][] = [
    [t('parameters, layer'), before.params, after.params, 'count'],
    [t('MACs / step'), before.macsPerStep, after.macsPerStep, 'count'],
    [t('FLOPs, layer'), before.flops, after.flops, 'compact'],
    [t('weights, layer'), before.weightBytes, after.weightBytes, 'bytes'],
    [t('activations for BPTT, layer'), before.activationBytes, after.activationBytes, 'bytes'],
    [t('parameters, model'), before.modelParams, after.modelParams, 'count'],
    [t('FLOPs, model'), before.modelFlops, after.modelFlops, 'compact'],
  ];
  return (
    <table class="data effect fixed">
      <thead>
        <tr>
          <th scope="col">{CELL_NAMES[whatIf.cell]}</th>
          <th scope="col" class="num count">
            {t('as written')}
          </th>
          <th scope="col" class="num count">
            {t('what if')}
          </th>
          <th scope="col" class="num count">
            {t('difference')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, a, b, unit]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="num">
              <Num of={a} unit={unit} />
            </td>
            <td class="num">
              <Num of={b} unit={unit} />
            </td>
            <td class="num">{difference(a, b)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function difference(a: Quantity, b: Quantity): string {
  if (a.value === null || b.value === null) return t('unknown');
  if (a.value === b.value) return '–';
  return a.value === 0 ? '–' : formatPercent((100 * (b.value - a.value)) / a.value);
}
