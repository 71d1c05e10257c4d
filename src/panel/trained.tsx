import type { TrainedGateView, TrainedLayerView } from '../protocol/panel';
import { t } from './text';

/** The trained weights gate by gate: what the biases have come to, and how much the recurrent block stretches a state. */
export function Trained({ trained }: { trained: readonly TrainedLayerView[] }) {
  if (trained.length === 0) return null;
  return (
    <div class="trained">
      <h3>{t('Trained weights')}</h3>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{t('gate')}</th>
            <th scope="col" class="num">
              {t('bias, mean')}
            </th>
            <th scope="col" class="num">
              {t('spread')}
            </th>
            <th scope="col" class="num secondary">
              {t('from … to')}
            </th>
            <th scope="col" class="num" title={t('Largest singular value of the recurrent block')}>
              σ<sub>max</sub>
            </th>
            <th scope="col" class="num">
              {t('spectral radius')}
            </th>
          </tr>
        </thead>
        {trained.map((layer) => (
          <tbody key={`${layer.layer} ${layer.direction}`}>
            {trained.length > 1 && (
              <tr class="group">
                <th scope="rowgroup" colSpan={6}>
                  {nameOf(layer)}
                </th>
              </tr>
            )}
            {layer.gates.map((gate) => (
              <Gate key={gate.gate} gate={gate} />
            ))}
          </tbody>
        ))}
      </table>
      <p class="remark">
        {t(
          'Biases are added up where a framework keeps two. σmax is the most that a recurrent block can stretch a state in one step, the spectral radius what it comes to over many, before gates and squashing.',
        )}
      </p>
    </div>
  );
}

function Gate({ gate: { gate, bias, sigmaMax, spectralRadius } }: { gate: TrainedGateView }) {
  return (
    <tr>
      <th scope="row">{gate}</th>
      <td class="num">{figure(bias?.mean, t('no bias'))}</td>
      <td class="num">{figure(bias?.std, '–')}</td>
      <td class="num secondary">{bias ? t('{0} … {1}', figure(bias.min, ''), figure(bias.max, '')) : '–'}</td>
      <td class="num">{figure(sigmaMax, t('unknown'))}</td>
      <td class="num">{figure(spectralRadius, t('unknown'))}</td>
    </tr>
  );
}

function nameOf({ layer, direction }: TrainedLayerView): string {
  return direction === 'forward' ? t('layer {0}', layer + 1) : t('layer {0}, backwards', layer + 1);
}

function figure(value: number | null | undefined, missing: string): string {
  return value == null ? missing : value.toFixed(3).replace(/^-/, '−');
}
