import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useState } from 'preact/hooks';
import type { FlowCaseView, FlowSetupView } from '../protocol/panel';
import { formatLog10 } from '../report/numbers';
import { type FlowSeries, decadeTicks, decadesOf, seriesOf } from './flow-series';
import { say, t } from './text';
import { useWidth } from './use-width';

const HEIGHT = 260;
const MARGIN = { top: 10, right: 12, bottom: 38, left: 46 };

/** ‖∂L/∂h_t‖ over t on a logarithmic scale: a line for the mean of the seeds, a band for their spread. */
export function FlowChart(props: { cases: readonly FlowCaseView[]; setup: FlowSetupView }) {
  const { cases, setup } = props;
  const { ref, width } = useWidth<HTMLDivElement>(640);
  const [step, setStep] = useState<number | null>(null);
  const series = cases.map(seriesOf);
  const decades = decadesOf(series);
  const x = scaleLinear()
    .domain([1, Math.max(setup.steps, 2)])
    .range([MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear()
    .domain(decades)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const threshold = thresholdOf(cases, series, setup);
  const atPointer = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const t = x.invert(event.clientX - event.currentTarget.getBoundingClientRect().left);
    setStep(Math.min(setup.steps, Math.max(1, Math.round(t))));
  };
  return (
    <div class="flow-chart">
      <div ref={ref}>
        <svg
          class="chart"
          viewBox={`0 0 ${width} ${HEIGHT}`}
          height={HEIGHT}
          width={width}
          role="img"
          aria-label={summary(cases)}
          onPointerMove={atPointer}
          onPointerLeave={() => setStep(null)}
        >
          <Axes x={x} y={y} width={width} decades={decades} steps={setup.steps} />
          {series.map((s) => (
            <Curve key={s.id} series={s} x={x} y={y} />
          ))}
          {threshold !== null && threshold > decades[0] && (
            <g class="threshold">
              <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(threshold)} y2={y(threshold)} />
              <text x={MARGIN.left + 6} y={y(threshold) - 4}>
                {t('horizon: {0} decades below the last step', setup.horizonDecades)}
              </text>
            </g>
          )}
          {step !== null && (
            <line class="cursor" x1={x(step)} x2={x(step)} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
          )}
        </svg>
      </div>
      <Legend cases={cases} series={series} step={step} />
    </div>
  );
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;

function Curve({ series, x, y }: { series: FlowSeries; x: Scale; y: Scale }) {
  const kind = series.alternative ? 'alternative' : series.cell;
  const points = series.mean.map((mean, i) => ({ t: i + 1, mean, low: series.low[i], high: series.high[i] }));
  const band = area<(typeof points)[number]>()
    .defined((p) => p.low != null && p.high != null)
    .x((p) => x(p.t))
    .y0((p) => y(p.low ?? 0))
    .y1((p) => y(p.high ?? 0));
  const curve = line<(typeof points)[number]>()
    .defined((p) => p.mean !== null)
    .x((p) => x(p.t))
    .y((p) => y(p.mean ?? 0));
  return (
    <g class={`curve ${kind}`}>
      <path class="band" d={band(points) ?? ''} />
      <path class="line" d={curve(points) ?? ''} stroke-dasharray={series.dash} />
    </g>
  );
}

function Axes(props: {
  x: Scale;
  y: Scale;
  width: number;
  decades: readonly [number, number];
  steps: number;
}) {
  const { x, y, width, steps } = props;
  const bottom = HEIGHT - MARGIN.bottom;
  return (
    <g class="axes">
      {decadeTicks(props.decades, 7).map((d) => (
        <g key={d}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(d)} y2={y(d)} />
          <text x={MARGIN.left - 8} y={y(d) + 4} text-anchor="end">
            {d === 0 ? '1' : <Power exponent={d} />}
          </text>
        </g>
      ))}
      {stepTicks(steps, width).map((s) => (
        <text key={s} x={x(s)} y={bottom + 16} text-anchor="middle">
          {s}
        </text>
      ))}
      <text
        class="axis-name"
        x={(MARGIN.left + width - MARGIN.right) / 2}
        y={bottom + 33}
        text-anchor="middle"
      >
        {t('time step t (loss at t = {0})', steps)}
      </text>
    </g>
  );
}

function Power({ exponent }: { exponent: number }) {
  return (
    <>
      10
      <tspan class="exponent" dy="-4">
        {exponent < 0 ? `−${-exponent}` : exponent}
      </tspan>
    </>
  );
}

/** First, last and the quarters between, fewer where there is no room or no such step. */
function stepTicks(steps: number, width: number): readonly number[] {
  const parts = width < 420 ? 2 : 4;
  const ticks = Array.from({ length: parts + 1 }, (_, i) => Math.round((steps * i) / parts));
  return [...new Set(ticks.map((s) => Math.max(1, s)))];
}

/** The threshold stands below the curve of the layer as written, by the setting's decades. */
function thresholdOf(
  cases: readonly FlowCaseView[],
  series: readonly FlowSeries[],
  setup: FlowSetupView,
): number | null {
  const written = cases.findIndex((c) => c.role === 'written');
  const last = series[Math.max(written, 0)]?.mean.at(-1);
  return last == null ? null : last - setup.horizonDecades;
}

function Legend(props: {
  cases: readonly FlowCaseView[];
  series: readonly FlowSeries[];
  step: number | null;
}) {
  const { cases, series, step } = props;
  return (
    <ul class="legend">
      {cases.map((c, i) => {
        const s = series[i];
        const norm = step === null ? undefined : s?.mean[step - 1];
        return (
          <li key={c.id}>
            <svg class="key" viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
              <g class={`curve ${s?.alternative ? 'alternative' : c.cell}`}>
                <line class="line" x1="0" x2="24" y1="4" y2="4" stroke-dasharray={s?.dash} />
              </g>
            </svg>
            <span>{say(c.label)}</span>
            <span class="readout">
              {step === null || norm === undefined ? '' : formatLog10(norm ?? -Infinity)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What the picture shows, for those who do not see it. */
function summary(cases: readonly FlowCaseView[]): string {
  const parts = cases.map((c) => `${say(c.label)}: ${c.sentences.map(say).join(' ')}`);
  return [t('Gradient norm over time steps, logarithmic.'), ...parts].join(' ');
}
