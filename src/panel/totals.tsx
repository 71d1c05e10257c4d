import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { NumberType, Workload } from '../model';
import { BYTES_PER_NUMBER } from '../model';
import type { ModelView } from '../protocol/panel';
import { formatShare } from '../report/numbers';
import { Fold } from './fold';
import { post } from './host';
import { LengthsField } from './lengths-field';
import { NumberField } from './number-field';
import { Quantities } from './quantities';
import { Num } from './quantity';
import { t } from './text';

const NUMBER_TYPES = Object.keys(BYTES_PER_NUMBER) as NumberType[];

/** The model's five numbers, and what they assume. */
export function Totals({ model }: { model: ModelView }) {
  const { totals, workload } = model;
  const [editing, setEditing] = useState(false);
  const share = formatShare(totals.recurrent.value ?? undefined, totals.params.value ?? undefined);
  return (
    <>
      <dl class="totals">
        <Total label={t('parameters')}>
          <Num of={totals.params} why={totals.unknown} />
        </Total>
        <Total label={totals.params.value === null ? t('recurrent') : t('recurrent, {0}', share)}>
          <Num of={totals.recurrent} why={totals.unknown} />
        </Total>
        <Total label={t('FLOPs, forward pass')}>
          <Num of={totals.flops} unit="compact" why={totals.unknown} />
        </Total>
        <Total label={t('weights, {0}', workload.numberType)}>
          <Num of={totals.weightBytes} unit="bytes" why={totals.unknown} />
        </Total>
        <Total
          label={
            <button
              type="button"
              class="link"
              aria-expanded={editing}
              aria-controls="workload"
              onClick={() => setEditing(!editing)}
            >
              {t('assumed, change')} <span aria-hidden="true">✎</span>
            </button>
          }
        >
          <span class="nowrap">
            {workload.lengths
              ? t('T ≤ {0} · B {1}', workload.seqLen, workload.batch)
              : t('T {0} · B {1}', workload.seqLen, workload.batch)}
          </span>
        </Total>
      </dl>
      {editing && <WorkloadForm workload={workload} />}
      <Fold id="quantities" title={t('Every quantity, with its convention')}>
        {() => <Quantities of={model.quantities} />}
      </Fold>
    </>
  );
}

function Total(props: { label: ComponentChildren; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.label}</dt>
      {/* The benchmark asks the browser when it was painted. */}
      <dd elementtiming="total">{props.children}</dd>
    </div>
  );
}

function WorkloadForm({ workload }: { workload: Workload }) {
  const { seqLen, batch, numberType } = workload;
  // Lengths say nothing about another sequence length or batch.
  const change = (part: Partial<Workload>) =>
    post({ type: 'workload', workload: { seqLen, batch, numberType, ...part } });
  return (
    <div class="workload" id="workload" role="group" aria-label={t('Assumed workload')}>
      <NumberField
        id="workload-seq"
        label={t('sequence length T')}
        value={workload.seqLen}
        min={1}
        max={1_000_000}
        onChange={(seqLen) => change({ seqLen })}
      />
      <NumberField
        id="workload-batch"
        label={t('batch B')}
        value={workload.batch}
        min={1}
        max={1_000_000}
        onChange={(batch) => change({ batch })}
      />
      <NumberTypeField
        id="workload-type"
        value={workload.numberType}
        onChange={(type) => post({ type: 'workload', workload: { ...workload, numberType: type } })}
      />
      <LengthsField workload={workload} />
    </div>
  );
}

export function NumberTypeField(props: {
  id: string;
  value: NumberType;
  onChange: (value: NumberType) => void;
}) {
  return (
    <span class="field">
      <label for={props.id}>{t('number type')}</label>
      <select
        id={props.id}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value as NumberType)}
      >
        {NUMBER_TYPES.map((type) => (
          <option key={type} value={type}>
            {type}
          </option>
        ))}
      </select>
    </span>
  );
}
