import type { FlowCaseView, KernelView, WeightGradientView } from '../protocol/panel';
import { formatLog10 } from '../report/numbers';
import { Fold } from './fold';
import { say, t } from './text';

/** What else was measured: what each weight block's gradient is, and what the recurrent kernel's spectrum says. */
export function FlowDetails({ cases }: { cases: readonly FlowCaseView[] }) {
  const measured = cases.filter((c) => c.weightGradients.length > 0 && c.role !== 'alternative');
  if (measured.length === 0) return null;
  return (
    <>
      <Fold id="weight-gradients" title={t('Gradient norms of the weights, gate by gate')}>
        {() => measured.map((c) => <WeightGradients key={c.id} run={c} />)}
      </Fold>
      <Fold id="spectra" title={t('Spectrum of the recurrent kernel, Lyapunov exponent')}>
        {() => measured.map((c) => <Spectrum key={c.id} run={c} />)}
      </Fold>
    </>
  );
}

function WeightGradients({ run }: { run: FlowCaseView }) {
  const gates = [...new Set(run.weightGradients.map((w) => w.gate))];
  const rows = new Map<string, WeightGradientView[]>();
  for (const w of run.weightGradients) {
    const key = rowName(w, run.weightGradients);
    rows.set(key, [...(rows.get(key) ?? []), w]);
  }
  return (
    <div class="table-scroll">
      <table class="data narrow">
        <caption>{say(run.label)}</caption>
        <thead>
          <tr>
            <th scope="col">{t('weights')}</th>
            {gates.map((gate) => (
              <th key={gate} scope="col" class="num">
                {gate}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows].map(([name, own]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {gates.map((gate) => {
                const found = own.find((w) => w.gate === gate);
                return (
                  <td key={gate} class="num">
                    {found ? formatLog10(found.log10Norm ?? -Infinity) : ''}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The tensor, with layer and direction where there are several. */
function rowName(
  { layer, direction, tensor }: WeightGradientView,
  all: readonly WeightGradientView[],
): string {
  return [tensor, ...placeName({ layer, direction }, all)].join(', ');
}

/** `layer 2`, `reverse`: as much as tells the places apart. */
export function placeName(
  { layer, direction }: Pick<WeightGradientView, 'layer' | 'direction'>,
  all: readonly Pick<WeightGradientView, 'layer' | 'direction'>[],
): string[] {
  return [
    ...(all.some((w) => w.layer !== 0) ? [t('layer {0}', layer + 1)] : []),
    ...(all.some((w) => w.direction === 'reverse')
      ? [direction === 'reverse' ? t('reverse') : t('forward')]
      : []),
  ];
}

function Spectrum({ run }: { run: FlowCaseView }) {
  const { recurrentKernel, lyapunov } = run;
  return (
    <div class="table-scroll">
      <table class="data narrow">
        <caption>
          {say(run.label)}
          {'. '}
          {lyapunov === null
            ? t('Largest Lyapunov exponent: not measured (too few steps, or a loss on every state).')
            : t('Largest Lyapunov exponent: {0} per step (natural logarithm).', short(lyapunov))}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('gate')}</th>
            <th scope="col" class="num">
              σ<sub>max</sub>
            </th>
            <th scope="col" class="num">
              {t('median σ')}
            </th>
            <th scope="col" class="num">
              σ<sub>min</sub>
            </th>
            <th scope="col" class="num">
              {t('σ above 1')}
            </th>
            <th scope="col" class="num">
              {t('spectral radius')}
            </th>
          </tr>
        </thead>
        <tbody>
          {recurrentKernel.map((k) => (
            <tr key={k.gate}>
              <th scope="row">{k.gate}</th>
              {spectrumCells(k).map((text, i) => (
                <td key={i} class="num">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function spectrumCells({ sigmaMax, singularValues, spectralRadius }: KernelView): readonly string[] {
  const n = singularValues.length;
  const known = (text: () => string) => (n === 0 ? '–' : text());
  return [
    short(sigmaMax),
    known(() => short(singularValues[Math.floor(n / 2)]!)),
    known(() => short(singularValues[n - 1]!)),
    known(() => t('{0} of {1}', singularValues.filter((s) => s > 1 + 1e-6).length, n)),
    spectralRadius === null ? '–' : short(spectralRadius),
  ];
}

function short(x: number): string {
  return String(Number(x.toPrecision(3)));
}
