import type { ComparisonRowView, ComparisonView, FlowView, ModelView, SizingView } from '../protocol/panel';
import { formatCount, formatPercent } from '../report/numbers';
import { Bar } from './bar';
import { CELL_NAMES } from './cells';
import { usePage } from './context';
import { Explain } from './explain';
import { Fold } from './fold';
import { Gates } from './gates';
import { post } from './host';
import { Num } from './quantity';
import { Said } from './said';
import { Section } from './section';
import { Segmented } from './segmented';
import { say, t } from './text';

/** The layer (or the whole model) as each of the three cells, under one of three sizings. */
export function Compare(props: { model: ModelView; sizing: SizingView; flow: FlowView }) {
  const { model, sizing, flow } = props;
  const page = usePage();
  const comparison = model.comparison;
  if (!comparison) {
    return (
      <Section id="compare" title={t('Compare')}>
        <p class="empty">{t('This model has no recurrent layer to compare.')}</p>
      </Section>
    );
  }
  return (
    <Section
      id="compare"
      title={t('Compare')}
      remark={<Target model={model} path={comparison.path} />}
      actions={
        <Segmented
          label={t('What stays the same')}
          name="sizing"
          value={sizing}
          options={[
            { value: 'same-size', label: t('same size') },
            { value: 'same-params', label: t('same parameters') },
            { value: 'same-flops', label: t('same FLOPs') },
          ]}
          onChange={(value) => page.dispatch({ type: 'set-sizing', sizing: value })}
        />
      }
    >
      <Rows comparison={comparison} sizing={sizing} flow={flow} />
      {comparison.path === '' && comparison.rows.length > 0 && rowsOf(comparison, sizing).length < 2 && (
        <p class="empty">
          {t(
            'For the whole model only the same size is compared: other sizes would change the layers after it.',
          )}
        </p>
      )}
      {comparison.assumedRun && (
        <p class="remark">
          {t(
            'MACs and FLOPs are of one run over T and B; the source does not show how often the layer runs.',
          )}
        </p>
      )}
      {comparison.path !== '' && comparison.rows.length > 0 && (
        <Fold id="gates" title={t('Where the parameters sit, gate by gate')}>
          {() => <Gates rows={rowsOf(comparison, sizing)} />}
        </Fold>
      )}
      {model.explain && (
        <Fold id="explain" title={t('Formula, equations, convention and every quantity')}>
          {() => model.explain && <Explain explain={model.explain} />}
        </Fold>
      )}
    </Section>
  );
}

function Target({ model, path }: { model: ModelView; path: string }) {
  const recurrent = model.layers.filter((l) => l.recurrent);
  return (
    <label class="inline">
      <select
        value={path}
        aria-label={t('What is compared')}
        onChange={(event) =>
          post({ type: 'select', selection: { model: model.name, layer: event.currentTarget.value } })
        }
      >
        {recurrent.map((l) => (
          <option key={l.path} value={l.path}>
            {l.path}
          </option>
        ))}
        <option value="">{t('the whole model')}</option>
      </select>{' '}
      {t('as another cell')}
    </label>
  );
}

/** The layer as written first, then the other cells. */
function rowsOf(comparison: ComparisonView, sizing: SizingView): readonly ComparisonRowView[] {
  const current = comparison.rows.find((r) => r.current);
  const others = comparison.rows.filter((r) => r.sizing === sizing && r.cell !== current?.cell);
  return current ? [current, ...others] : others;
}

function Rows(props: { comparison: ComparisonView; sizing: SizingView; flow: FlowView }) {
  const { comparison, sizing, flow } = props;
  const rows = rowsOf(comparison, sizing);
  if (rows.length === 0) {
    return (
      <div class="empty">
        <p>{t('The cells cannot be compared until the sizes are known.')}</p>
        <ul>
          {comparison.unknown.map((m, i) => (
            <li key={i}>
              <Said text={m} />
            </li>
          ))}
        </ul>
        <p>{t('Assume a value above to see the comparison.')}</p>
      </div>
    );
  }
  const most = Math.max(...rows.map((r) => r.params));
  const perStep = rows.every((r) => r.macsPerStep !== null);
  return (
    <table class="data fixed">
      <thead>
        <tr>
          <th scope="col" class="name">
            {t('cell')}
          </th>
          <th scope="col" class="num size">
            {t('hidden')}
          </th>
          <th scope="col" class="num count">
            {t('parameters')}
          </th>
          <th scope="col" class="share tertiary">
            <span class="sr-only">{t('bar')}</span>
          </th>
          <th scope="col" class="num quaternary">
            {t('Δ params')}
          </th>
          <th scope="col" class="num count tertiary">
            {perStep ? t('MACs / step') : t('MACs')}
          </th>
          <th scope="col" class="num secondary">
            {t('FLOPs')}
          </th>
          <th scope="col" class="num">
            {t('Δ FLOPs')}
          </th>
          <th scope="col" class="num secondary">
            {t('horizon')}
          </th>
          <th scope="col" class="act">
            <span class="sr-only">{t('change')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={`${row.cell}-${row.sizing}`} row={row} most={most} perStep={perStep} flow={flow} />
        ))}
      </tbody>
    </table>
  );
}

function Row(props: { row: ComparisonRowView; most: number; perStep: boolean; flow: FlowView }) {
  const { row, most } = props;
  return (
    <tr class={row.current ? 'here' : ''}>
      <th scope="row" class="cell-name">
        <span class={`swatch ${row.cell}`} aria-hidden="true" />
        {CELL_NAMES[row.cell]} {row.current && <span class="remark">{t('as written')}</span>}
      </th>
      <td class="num">{row.hiddenSizes.map((h) => formatCount(h.size)).join(', ')}</td>
      <td class="num">{formatCount(row.params)}</td>
      <td class="share tertiary">
        <Bar share={row.params / most} kind={row.cell} />
      </td>
      <td class="num quaternary">{row.current ? '–' : formatPercent(row.percent.params)}</td>
      <td class="num tertiary">{count(props.perStep ? row.macsPerStep : row.macs)}</td>
      <td class="num secondary">
        <Num of={{ value: row.flops }} unit="compact" />
      </td>
      <td class="num">
        {row.current ? '–' : row.percent.flops === null ? t('unknown') : formatPercent(row.percent.flops)}
      </td>
      <td class="num secondary">{horizonOf(row, props.flow)}</td>
      <td class="act">
        {!row.current && row.apply.possible && (
          <button
            type="button"
            class="link"
            aria-label={t(
              'Apply {0} with hidden size {1} to the source',
              CELL_NAMES[row.cell],
              row.hiddenSizes[0]?.size ?? 0,
            )}
            onClick={() =>
              post({ type: 'apply', change: { type: 'cell', cell: row.cell, sizing: row.sizing } })
            }
          >
            {t('Apply…')}
          </button>
        )}
        {!row.current && !row.apply.possible && row.apply.reason && (
          <span class="remark" title={say(row.apply.reason)}>
            {t('by hand')}
            <span class="sr-only">: {say(row.apply.reason)}</span>
          </span>
        )}
      </td>
    </tr>
  );
}

function count(value: number | null): string {
  return value === null ? t('unknown') : formatCount(value);
}

/** The measured horizon, where this very cell at this size has been run. */
function horizonOf(row: ComparisonRowView, flow: FlowView): string {
  const size = row.hiddenSizes.length === 1 ? row.hiddenSizes[0] : undefined;
  if (!size || flow.path !== size.path || flow.setup?.stale) return '–';
  const run = flow.cases.find(
    (c) =>
      (c.role === 'written' || c.role === 'compared') && c.cell === row.cell && c.hiddenSize === size.size,
  );
  if (!run || run.verdict === 'unknown') return '–';
  if (run.horizonSteps === null) return `≥ ${t('{0} steps', formatCount(flow.setup?.steps ?? 0))}`;
  return t('{0} steps', formatCount(run.horizonSteps));
}
