import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ProbeCurve } from '../model';
import { formatCount } from '../report/numbers';
import { CELL_DASHES, CELL_NAMES } from './cells';
import { t } from './text';
import { useWidth } from './use-width';

const HEIGHT = 200;
const MARGIN = { top: 10, right: 12, bottom: 36, left: 46 };

/** Loss against updates, with the line that a model without memory stays at. */
export function ProbeChart({ curves, baseline }: { curves: readonly ProbeCurve[]; baseline: number }) {
  const { ref, width } = useWidth<HTMLDivElement>(640);
  const points = curves.flatMap((c) => c.points);
  const last = Math.max(...points.map((p) => p.iteration), 1);
  const most = Math.max(...points.map((p) => p.loss), baseline);
  const x = scaleLinear()
    .domain([0, last])
    .range([MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const draw = line<ProbeCurve['points'][number]>()
    .x((p) => x(p.iteration))
    .y((p) => y(p.loss));
  return (
    <div ref={ref}>
      <svg
        class="chart"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={summary(curves, baseline)}
      >
        <g class="axes">
          {y.ticks(4).map((v) => (
            <g key={v}>
              <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(v)} y2={y(v)} />
              <text x={MARGIN.left - 8} y={y(v) + 4} text-anchor="end">
                {v}
              </text>
            </g>
          ))}
          {x.ticks(width < 420 ? 3 : 6).map((v) => (
            <text key={v} x={x(v)} y={HEIGHT - MARGIN.bottom + 16} text-anchor="middle">
              {v}
            </text>
          ))}
          <text
            class="axis-name"
            x={(MARGIN.left + width - MARGIN.right) / 2}
            y={HEIGHT - 3}
            text-anchor="middle"
          >
            {t('updates')}
          </text>
        </g>
        {curves.map((c) => (
          <g key={c.cell} class={`curve ${c.cell}`}>
            <path class="line" d={draw([...c.points]) ?? ''} stroke-dasharray={CELL_DASHES[c.cell]} />
          </g>
        ))}
        <g class="threshold">
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(baseline)} y2={y(baseline)} />
          <text x={MARGIN.left + 6} y={y(baseline) - 4}>
            {t('without memory')}
          </text>
        </g>
      </svg>
      <ul class="legend flat">
        {curves.map((c) => (
          <li key={c.cell}>
            <svg class="key" viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
              <g class={`curve ${c.cell}`}>
                <line class="line" x1="0" x2="24" y1="4" y2="4" stroke-dasharray={CELL_DASHES[c.cell]} />
              </g>
            </svg>
            <span>
              {t('{0} {1}, {2} parameters', CELL_NAMES[c.cell], c.hiddenSize, formatCount(c.parameters))}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function summary(curves: readonly ProbeCurve[], baseline: number): string {
  const ends = curves.map((c) => `${CELL_NAMES[c.cell]} ${lossText(c.points.at(-1)?.loss)}`);
  return `${t('Loss of each cell as it learns; without memory it is {0}.', lossText(baseline))} ${ends.join(', ')}`;
}

function lossText(loss: number | undefined): string {
  return loss === undefined ? '–' : loss.toPrecision(3);
}

export function ProbeTable({ curves }: { curves: readonly ProbeCurve[] }) {
  const iterations = [...new Set(curves.flatMap((c) => c.points.map((p) => p.iteration)))].sort(
    (a, b) => a - b,
  );
  return (
    <table class="data narrow">
      <thead>
        <tr>
          <th scope="col" class="num">
            {t('updates')}
          </th>
          {curves.map((c) => (
            <th key={c.cell} scope="col" class="num">
              {CELL_NAMES[c.cell]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {iterations.map((iteration) => (
          <tr key={iteration}>
            <th scope="row" class="num">
              {iteration}
            </th>
            {curves.map((c) => (
              <td key={c.cell} class="num">
                {lossText(c.points.find((p) => p.iteration === iteration)?.loss)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
