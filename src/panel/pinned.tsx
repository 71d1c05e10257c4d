import type { ModelView, PinnedView, Quantity } from '../protocol/panel';
import { formatCount, formatPercent } from '../report/numbers';
import { post } from './host';
import { Num, type Unit } from './quantity';
import { Section } from './section';
import { t } from './text';

/** The pinned model's numbers beside this one's, with the difference. */
export function Pinned({ pinned, model }: { pinned: PinnedView; model: ModelView }) {
  const rows: readonly [string, Quantity, Quantity, Unit][] = [
    [t('parameters'), pinned.totals.params, model.totals.params, 'count'],
    [t('recurrent'), pinned.totals.recurrent, model.totals.recurrent, 'count'],
    [t('MACs'), pinned.totals.macs, model.totals.macs, 'count'],
    [t('FLOPs'), pinned.totals.flops, model.totals.flops, 'count'],
    [t('memory'), pinned.totals.weightBytes, model.totals.weightBytes, 'bytes'],
    ...layerRows(pinned, model),
  ];
  return (
    <Section
      id="pinned"
      title={t('Side by side')}
      remark={t('pinned: {0}', pinned.title)}
      actions={
        <button type="button" onClick={() => post({ type: 'pin', what: 'none' })}>
          {t('Unpin')}
        </button>
      }
    >
      <table class="data fixed">
        <thead>
          <tr>
            <th scope="col" />
            <th scope="col" class="num count">
              {pinned.name} <span class="remark">{t('pinned')}</span>
            </th>
            <th scope="col" class="num count">
              {model.name}
            </th>
            <th scope="col" class="num count">
              {t('difference')}
            </th>
            <th scope="col" class="num secondary">
              {t('in per cent')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, before, after, unit]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="num">
                <Num of={before} unit={unit} />
              </td>
              <td class="num">
                <Num of={after} unit={unit} />
              </td>
              <td class="num">{difference(before, after)}</td>
              <td class="num secondary">{relative(before, after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

const NONE: Quantity = { value: 0 };

function layerRows(pinned: PinnedView, model: ModelView): readonly [string, Quantity, Quantity, Unit][] {
  const paths = [...new Set([...pinned.layers, ...model.layers].map((l) => l.path))];
  const paramsOf = (layers: PinnedView['layers'], path: string) =>
    layers.find((l) => l.path === path)?.params ?? NONE;
  return paths
    .map((path): [string, Quantity, Quantity, Unit] => [
      path,
      paramsOf(pinned.layers, path),
      paramsOf(model.layers, path),
      'count',
    ])
    .filter(([, a, b]) => a.value !== b.value || a.formula !== b.formula);
}

function difference(before: Quantity, after: Quantity): string {
  if (before.value === null || after.value === null) return t('unknown');
  const d = after.value - before.value;
  return `${d > 0 ? '+' : ''}${formatCount(d)}`;
}

function relative(before: Quantity, after: Quantity): string {
  if (before.value === null || after.value === null || before.value === 0) return '–';
  return formatPercent((100 * (after.value - before.value)) / before.value);
}
