import type { ComponentChildren } from 'preact';
import { saveChart } from './chart-export';
import { Fold } from './fold';
import { t } from './text';

/** What every chart comes with: a name for screen readers, its numbers as a table, and a way out as a picture. */
export function ChartFrame(props: {
  /** Also the id of its fold-out and the name of the saved file. */
  id: string;
  chart: ComponentChildren;
  table: () => ComponentChildren;
}) {
  const save = (format: 'svg' | 'png') => {
    const svg = document.querySelector<SVGSVGElement>(`#chart-${props.id} svg.chart`);
    if (svg) void saveChart(svg, props.id, format);
  };
  return (
    <div class="chart-frame" id={`chart-${props.id}`}>
      {props.chart}
      <div class="chart-foot">
        <Fold id={`numbers-${props.id}`} title={t('Numbers as a table')}>
          {() => (
            <div class="table-scroll" role="region" tabIndex={0} aria-label={t('Numbers as a table')}>
              {props.table()}
            </div>
          )}
        </Fold>
        <span class="picture">
          <button
            type="button"
            class="link"
            onClick={() => save('svg')}
            aria-label={t('Save the chart as SVG')}
          >
            SVG
          </button>
          <button
            type="button"
            class="link"
            onClick={() => save('png')}
            aria-label={t('Save the chart as PNG')}
          >
            PNG
          </button>
        </span>
      </div>
    </div>
  );
}
