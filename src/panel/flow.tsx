import { useState } from 'preact/hooks';
import type { CellKind } from '../model';
import type { FlowCaseView, FlowCurveView, FlowView, ProgressView, SizingView } from '../protocol/panel';
import { formatLog10 } from '../report/numbers';
import { Advice } from './advice';
import { ChartFrame } from './chart-frame';
import { FlowChart } from './flow-chart';
import { FlowDetails, placeName } from './flow-details';
import { seriesOf } from './flow-series';
import { FlowSetup } from './flow-setup';
import { Fold } from './fold';
import { HeatMap } from './heat-map';
import { post } from './host';
import { Said } from './said';
import { Section } from './section';
import { say, t } from './text';
import { Trained } from './trained';

/** How far back a gradient reaches: run, cancel, chart, verdict, advice. */
export function Flow(props: {
  flow: FlowView;
  sizing: SizingView;
  /** Of the layer that a run would be about; and for how many steps. */
  cell: CellKind | undefined;
  steps: number;
  saved: boolean;
}) {
  const { flow, sizing, cell, steps } = props;
  const { setup, status } = flow;
  const [curve, setCurve] = useState<string | null>(null);
  const running = status === 'running';
  const curves = flow.cases[0]?.curves ?? [];
  const shown = curves.find((c) => curveKey(c) === curve) ?? curves[0];
  const drawn = shown ? flow.cases.flatMap((c) => withCurve(c, shown)) : flow.cases;
  return (
    <Section
      id="gradient"
      title={t('Gradient flow')}
      remark={
        setup && (
          <>
            ‖∂L/∂{shown?.of ?? 'h'}
            <sub>t</sub>‖, {say(setup.initialiser)}, {t('input: {0}', say(setup.input))},{' '}
            {setup.loss === 'last' ? t('loss on the last state') : t('loss on every state')},{' '}
            {setup.seeds === 1 ? t('1 seed') : t('{0} seeds', setup.seeds)}, {setup.backend}
          </>
        )
      }
      actions={
        running ? (
          <>
            <Progress progress={flow.progress} label={t('Computing gradients')} />
            <button type="button" onClick={() => post({ type: 'cancel-flow' })}>
              {t('Cancel')}
            </button>
          </>
        ) : (
          <button
            type="button"
            disabled={status === 'blocked'}
            onClick={() => post({ type: 'run-flow', sizing })}
          >
            {flow.cases.length > 0 ? t('Run again') : t('Run')}
          </button>
        )
      }
    >
      <FlowSetup choices={flow.choices} cell={cell} steps={steps} disabled={running} />
      <Status flow={flow} saved={props.saved} />
      {setup && flow.cases.length > 0 && (
        <>
          {setup.stale && (
            <p class="notice">
              {t('The source or the settings changed since this run. Run again to be current.')}
            </p>
          )}
          {setup.notTrained && (
            <p class="notice">
              <Said text={setup.notTrained} /> {t('The run shows the layer before training.')}
            </p>
          )}
          {curves.length > 1 && shown && (
            <label class="inline">
              {t('Gradient by')}{' '}
              <select value={curveKey(shown)} onChange={(event) => setCurve(event.currentTarget.value)}>
                {curves.map((c) => (
                  <option key={curveKey(c)} value={curveKey(c)}>
                    {curveName(c, curves)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <ChartFrame
            id="gradient-flow"
            chart={<FlowChart cases={drawn} setup={setup} />}
            table={() => <FlowTable cases={drawn} />}
          />
          <Verdicts cases={flow.cases} />
          <p class="thresholds">
            {say(setup.thresholds)}{' '}
            <button type="button" class="link" onClick={() => post({ type: 'show-thresholds' })}>
              {t('Change the thresholds')}
            </button>
          </p>
          <Trained trained={flow.trained} />
          <Advice advice={flow.advice} />
          <HeatMap cases={flow.cases} />
          <FlowDetails cases={flow.cases} />
        </>
      )}
    </Section>
  );
}

function curveKey({ layer, direction, of }: FlowCurveView): string {
  return `${layer} ${direction} ${of}`;
}

/** A case with another of its curves in front; none where it has no such curve (only LSTM has a cell state). */
function withCurve(run: FlowCaseView, shown: FlowCurveView): readonly FlowCaseView[] {
  const found = run.curves.find((c) => curveKey(c) === curveKey(shown));
  return found ? [{ ...run, seeds: found.seeds }] : [];
}

function curveName(curve: FlowCurveView, all: readonly FlowCurveView[]): string {
  const state = curve.of === 'h' ? t('hidden state h') : t('cell state c');
  return [state, ...placeName(curve, all)].join(', ');
}

function Status({ flow, saved }: { flow: FlowView; saved: boolean }) {
  switch (flow.status) {
    case 'running':
      // Where the chart will stand; the last run's stays meanwhile.
      return flow.cases.length > 0 ? null : <div class="chart-space" />;
    case 'failed':
      return (
        <p class="failed" role="alert">
          {flow.reason ? <Said text={flow.reason} /> : t('The run failed.')}
        </p>
      );
    case 'blocked':
      return (
        <p class="empty">{flow.reason ? <Said text={flow.reason} /> : t('A size has to be known first.')}</p>
      );
    case 'cancelled':
      return <p class="empty">{t('Cancelled. Run again when you like.')}</p>;
    case 'idle':
      return (
        <p class="empty">
          {saved
            ? t(
                'Shows how far back a gradient reaches through the trained weights, beside the same layer before training and the other two cells in its place.',
              )
            : t(
                'Shows how far back a gradient reaches at the first step of training, for this layer and for the other two cells in its place.',
              )}
        </p>
      );
    case 'done':
      return null;
  }
}

export function Progress({ progress, label }: { progress: ProgressView | null; label: string }) {
  const left = progress?.secondsLeft;
  return (
    <p class="progress" role="status">
      <progress aria-label={label} max={progress?.total ?? 1} value={progress ? progress.done : undefined} />
      <span>
        {progress ? t('{0} of {1}', progress.done, progress.total) : label}
        {left != null && `, ${t('{0} s left', Math.max(1, Math.round(left)))}`}
      </span>
    </p>
  );
}

/** The layer as written first, as the cases come. */
function Verdicts({ cases }: { cases: readonly FlowCaseView[] }) {
  const rules = cases.find((c) => c.role === 'written')?.rules ?? [];
  return (
    <>
      <ul class="verdicts">
        {cases.map((c) => (
          <li key={c.id}>
            <strong class={`verdict ${c.verdict}`}>{say(c.label)}</strong>
            {': '}
            {c.sentences.map(say).join(' ')}
          </li>
        ))}
      </ul>
      {rules.length > 0 && (
        <Fold id="rules" title={t('What published rules say of the layer as written')}>
          {() => (
            <ul class="rules">
              {rules.map((rule) => (
                <li key={rule.name}>
                  <b>{rule.name}</b>
                  {': '}
                  <Said text={rule.text} /> <a href={rule.source.url}>{rule.source.title}</a>
                </li>
              ))}
            </ul>
          )}
        </Fold>
      )}
    </>
  );
}

function FlowTable({ cases }: { cases: readonly FlowCaseView[] }) {
  const series = cases.map(seriesOf);
  const steps = series[0]?.mean.length ?? 0;
  return (
    <table class="data narrow">
      <thead>
        <tr>
          <th scope="col" class="num">
            t
          </th>
          {cases.map((c) => (
            <th key={c.id} scope="col" class="num">
              {say(c.label)}
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
            {series.map((s) => (
              <td key={s.id} class="num">
                {formatLog10(s.mean[i] ?? -Infinity)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
