import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useState } from 'preact/hooks';
import type { CurveView, WhatIfView } from '../protocol/panel';
import { formatCompact, formatCount } from '../report/numbers';
import { CELL_DASHES, CELL_NAMES } from './cells';
import { ChartFrame } from './chart-frame';
import { Segmented } from './segmented';
import { t } from './text';
import { useWidth } from './use-width';

const HEIGHT = 190;
const MARGIN = { top: 10, right: 12, bottom: 36, left: 56 };

type Measure = 'params' | 'flops';

/** Parameters or FLOPs of the three cells against hidden size, with the point the sliders stand at. */
export function CostCurves({ whatIf }: { whatIf: WhatIfView }) {
  const [measure, setMeasure] = useState<Measure>('params');
  const { ref, width } = useWidth<HTMLDivElement>(640);
  return (
    <div class="cost-curves">
      <Segmented
        label={t('What the curves show')}
        name="cost-measure"
        value={measure}
        options={[
          { value: 'params', label: t('parameters') },
          { value: 'flops', label: t('FLOPs') },
        ]}
        onChange={setMeasure}
      />
      <div ref={ref}>
        <ChartFrame
          id="cost-curves"
          chart={<Chart whatIf={whatIf} measure={measure} width={width} />}
          table={() => <Table curves={whatIf.curves} measure={measure} />}
        />
      </div>
    </div>
  );
}

function Chart({ whatIf, measure, width }: { whatIf: WhatIfView; measure: Measure; width: number }) {
  const { curves, values } = whatIf;
  const points = curves.flatMap((c) => c.points);
  const widest = Math.max(...points.map((p) => p.hidden), 1);
  const most = Math.max(...points.map((p) => p[measure] ?? 0), 1);
  const x = scaleLinear()
    .domain([0, widest])
    .range([MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const draw = line<CurveView['points'][number]>()
    .defined((p) => p[measure] !== null)
    .x((p) => x(p.hidden))
    .y((p) => y(p[measure] ?? 0));
  const here = measure === 'params' ? whatIf.after.params.value : whatIf.after.flops.value;
  return (
    <>
      <svg
        class="chart"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={t('{0} against hidden size for LSTM, GRU and SimpleRNN', nameOf(measure))}
      >
        <g class="axes">
          {y.ticks(4).map((v) => (
            <g key={v}>
              <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(v)} y2={y(v)} />
              <text x={MARGIN.left - 8} y={y(v) + 4} text-anchor="end">
                {formatCompact(v)}
              </text>
            </g>
          ))}
          {x.ticks(width < 420 ? 3 : 6).map((v) => (
            <text key={v} x={x(v)} y={HEIGHT - MARGIN.bottom + 16} text-anchor="middle">
              {formatCount(v)}
            </text>
          ))}
          <text
            class="axis-name"
            x={(MARGIN.left + width - MARGIN.right) / 2}
            y={HEIGHT - 3}
            text-anchor="middle"
          >
            {t('hidden size')}
          </text>
        </g>
        {curves.map((c) => (
          <g key={c.cell} class={`curve ${c.cell}`}>
            <path class="line" d={draw([...c.points]) ?? ''} stroke-dasharray={CELL_DASHES[c.cell]} />
          </g>
        ))}
        {here !== null && (
          <g class={`curve ${whatIf.cell}`}>
            <circle class="point" cx={x(Math.min(values.hiddenSize, widest))} cy={y(here)} r="4.5" />
          </g>
        )}
      </svg>
      <ul class="legend flat">
        {curves.map((c) => (
          <li key={c.cell}>
            <svg class="key" viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
              <g class={`curve ${c.cell}`}>
                <line class="line" x1="0" x2="24" y1="4" y2="4" stroke-dasharray={CELL_DASHES[c.cell]} />
              </g>
            </svg>
            <span>{CELL_NAMES[c.cell]}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function nameOf(measure: Measure): string {
  return measure === 'params' ? t('Parameters') : t('FLOPs');
}

function Table({ curves, measure }: { curves: readonly CurveView[]; measure: Measure }) {
  const sizes = [...new Set(curves.flatMap((c) => c.points.map((p) => p.hidden)))].sort((a, b) => a - b);
  return (
    <table class="data narrow">
      <thead>
        <tr>
          <th scope="col" class="num">
            {t('hidden size')}
          </th>
          {curves.map((c) => (
            <th key={c.cell} scope="col" class="num">
              {CELL_NAMES[c.cell]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sizes.map((h) => (
          <tr key={h}>
            <th scope="row" class="num">
              {formatCount(h)}
            </th>
            {curves.map((c) => {
              const value = c.points.find((p) => p.hidden === h)?.[measure];
              return (
                <td key={c.cell} class="num">
                  {value == null ? t('unknown') : formatCount(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
