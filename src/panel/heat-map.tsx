import { scaleLinear } from 'd3-scale';
import { useState } from 'preact/hooks';
import type { FlowCaseView } from '../protocol/panel';
import { ChartFrame } from './chart-frame';
import { say, t } from './text';
import { useWidth } from './use-width';

const ROW = 22;
const LEFT = 92;
const BOTTOM = 22;
/** More columns than this cannot be told apart; neighbouring steps are averaged. */
const MAX_COLUMNS = 100;

interface HeatRow {
  readonly name: string;
  readonly values: readonly number[];
}

/** What a row shows of a gate at a step. */
type Measure = 'saturated' | 'mean';

/** Each gate over time, for one of the cells that were run: the share of saturated units, or the mean activation. */
export function HeatMap({ cases }: { cases: readonly FlowCaseView[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [measure, setMeasure] = useState<Measure>('saturated');
  const run = cases.find((c) => c.id === chosen) ?? cases[0];
  const { ref, width } = useWidth<HTMLDivElement>(640);
  if (!run) return null;
  const rows = rowsOf(run, measure);
  if (rows.length === 0) return null;
  const steps = rows[0]?.values.length ?? 0;
  return (
    <div class="heat-map">
      <h3>
        <label class="inline">
          <select
            value={measure}
            aria-label={t('What to show of the gates')}
            onChange={(event) => setMeasure(event.currentTarget.value as Measure)}
          >
            <option value="saturated">{t('Saturated units')}</option>
            <option value="mean">{t('Mean activation')}</option>
          </select>
        </label>{' '}
        <label class="inline">
          <select
            value={run.id}
            aria-label={t('Gates of which cell')}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {cases.map((c) => (
              <option key={c.id} value={c.id}>
                {say(c.label)}
              </option>
            ))}
          </select>
        </label>
      </h3>
      <p class="scale-key">
        <span>{measure === 'saturated' ? '0 %' : '0'}</span>
        <svg viewBox="0 0 60 8" width="60" height="8" aria-hidden="true">
          {[0, 1, 2, 3, 4, 5].map((i) => (
            <rect key={i} class="heat-cell" x={i * 10} width="10" height="8" fill-opacity={i / 5} />
          ))}
        </svg>
        <span>{measure === 'saturated' ? '100 %' : '±1'}</span>
      </p>
      <div ref={ref}>
        <ChartFrame
          id="saturation"
          chart={
            <Cells rows={rows} width={width} steps={steps} label={summary(say(run.label), rows, measure)} />
          }
          table={() => <HeatTable rows={rows} steps={steps} measure={measure} />}
        />
      </div>
    </div>
  );
}

function rowsOf(run: FlowCaseView, measure: Measure): readonly HeatRow[] {
  const gates = run.gates.map((g) => ({ name: g.gate, values: g[measure] }));
  return measure === 'saturated' && run.hiddenSaturation.length > 0
    ? [...gates, { name: t('hidden state'), values: run.hiddenSaturation }]
    : gates;
}

function Cells(props: { rows: readonly HeatRow[]; width: number; steps: number; label: string }) {
  const { rows, width, steps } = props;
  const columns = Math.min(steps, MAX_COLUMNS);
  const x = scaleLinear().domain([0, columns]).range([LEFT, width]);
  const height = rows.length * ROW + BOTTOM;
  return (
    <svg
      class="chart heat"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={props.label}
    >
      {rows.map((row, r) => (
        <g key={row.name}>
          <text x={LEFT - 8} y={r * ROW + 15} text-anchor="end">
            {row.name}
          </text>
          <rect class="empty-cell" x={LEFT} y={r * ROW + 2} width={width - LEFT} height={ROW - 4} />
          {binned(row.values, columns).map((v, c) => (
            <rect
              key={c}
              class="heat-cell"
              x={x(c)}
              y={r * ROW + 2}
              width={x(1) - x(0) + 0.3}
              height={ROW - 4}
              fill-opacity={Math.min(1, Math.abs(v))}
            />
          ))}
        </g>
      ))}
      <text x={LEFT} y={height - 6}>
        {t('t = {0}', 1)}
      </text>
      <text x={width} y={height - 6} text-anchor="end">
        {t('t = {0}', steps)}
      </text>
    </svg>
  );
}

function binned(values: readonly number[], columns: number): readonly number[] {
  return Array.from({ length: columns }, (_, c) => {
    const part = values.slice(
      Math.floor((c * values.length) / columns),
      Math.max(
        Math.floor(((c + 1) * values.length) / columns),
        Math.floor((c * values.length) / columns) + 1,
      ),
    );
    return part.reduce((a, b) => a + b, 0) / Math.max(part.length, 1);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
}

function valueText(value: number, measure: Measure): string {
  return measure === 'saturated' ? `${(100 * value).toFixed(1)} %` : value.toFixed(3);
}

function summary(name: string, rows: readonly HeatRow[], measure: Measure): string {
  const parts = rows.map((r) => t('{0}: {1} on average', r.name, valueText(mean(r.values), measure)));
  const title =
    measure === 'saturated'
      ? t('Share of saturated units over time, {0}.', name)
      : t('Mean activation over time, {0}.', name);
  return `${title} ${parts.join(', ')}`;
}

function HeatTable(props: { rows: readonly HeatRow[]; steps: number; measure: Measure }) {
  const { rows, steps, measure } = props;
  return (
    <table class="data narrow">
      <thead>
        <tr>
          <th scope="col" class="num">
            t
          </th>
          {rows.map((r) => (
            <th key={r.name} scope="col" class="num">
              {r.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: steps }, (_, i) => (
          <tr key={i}>
            <th scope="row" class="num">
              {i + 1}
            </th>
            {rows.map((r) => (
              <td key={r.name} class="num">
                {valueText(r.values[i] ?? 0, measure)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
