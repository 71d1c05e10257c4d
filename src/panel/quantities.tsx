import type { ComponentChildren } from 'preact';
import type { QuantitiesView, Quantity } from '../protocol/panel';
import { Num } from './quantity';
import { Said } from './said';
import { say, t } from './text';

/** Every quantity apart: counts, work per step, sequence and batch, memory in each number type, and the conventions. */
export function Quantities({ of }: { of: QuantitiesView }) {
  const why = of.conventions;
  return (
    <div class="quantities" role="region" tabIndex={0} aria-label={t('Every quantity, with its convention')}>
      <Table head={[t('count'), t('parameters')]}>
        {of.params.map(({ label, depth, size }) => (
          <Row key={say(label)} label={say(label)} depth={depth}>
            <Cell of={size} />
          </Row>
        ))}
      </Table>
      <Table head={[t('work'), t('per step'), t('per sequence'), t('per batch')]}>
        {of.work.map(({ label, depth, perStep, perSequence, perBatch }, i) => (
          <Row key={i} label={say(label)} depth={depth}>
            <Cell of={perStep} />
            <Cell of={perSequence} />
            <Cell of={perBatch} />
          </Row>
        ))}
      </Table>
      <Table head={[t('memory'), ...of.numberTypes]}>
        {of.memory.map(({ label, bytes }) => (
          <Row key={say(label)} label={say(label)} depth={0}>
            {bytes.map((b, i) => (
              <Cell key={i} of={b} unit="bytes" />
            ))}
          </Row>
        ))}
      </Table>
      <ul class="conventions">
        {why.map((m, i) => (
          <li key={i}>
            <Said text={m} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Table({ head, children }: { head: readonly string[]; children: ComponentChildren }) {
  return (
    <table class="data narrow">
      <thead>
        <tr>
          {head.map((title, i) => (
            <th key={title} scope="col" class={i === 0 ? '' : 'num'}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Row(props: { label: string; depth: number; children: ComponentChildren }) {
  return (
    <tr>
      <th scope="row" class={`depth-${props.depth}`}>
        {props.label}
      </th>
      {props.children}
    </tr>
  );
}

/** Null: there is no such number. */
function Cell({ of, unit }: { of: Quantity | null; unit?: 'bytes' }) {
  return <td class="num">{of === null ? '–' : <Num of={of} {...(unit ? { unit } : {})} />}</td>;
}
