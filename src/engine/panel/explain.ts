import { conventionOf } from '../../cost/conventions';
import type { LayerCost } from '../../cost/types';
import {
  FRAMEWORK_NAMES,
  type Message,
  type RecurrentLayer,
  cellOf,
  constant,
  message,
  mul,
  valueOf,
} from '../../model';
import type { ExplainView } from '../../protocol/panel';
import { layerText, sizeText } from '../../report/layer-text';
import { equationsOf } from './equations';
import { quantityOf } from './quantity';

/** Why a recurrent layer's count is what it is. */
export function explainView(cost: LayerCost, layer: RecurrentLayer): ExplainView {
  const reset = resetOf(layer);
  return {
    path: layer.path,
    title: `${layerText(layer)} · ${FRAMEWORK_NAMES[layer.framework]}`,
    formula: cost.formula ?? null,
    // With the order of reset unknown the equations would be a guess.
    equations: reset === undefined ? [] : equationsOf(layer, reset),
    conventions: conventionsOf(layer, reset),
    tensors: (cost.tensors ?? []).map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape.length === 0 ? '1' : tensor.shape.map(sizeText).join(' × '),
      params: quantityOf(mul(constant(1), ...tensor.shape)),
    })),
  };
}

function resetOf(layer: RecurrentLayer): boolean | undefined {
  const value =
    layer.resetAfter === undefined ? conventionOf(layer.framework).resetAfter : valueOf(layer.resetAfter);
  return value === undefined ? undefined : value === 1;
}

function conventionsOf(layer: RecurrentLayer, reset: boolean | undefined): readonly Message[] {
  const { framework } = layer;
  const name = FRAMEWORK_NAMES[framework];
  const cell = cellOf(layer.kind);
  const { gates, biasVectors } = conventionOf(framework);
  const messages: Message[] = [];
  if (valueOf(layer.bias) === 0) messages.push(message('No biases.'));
  else if (biasVectors === 2) {
    messages.push(
      message(
        '{0} keeps two bias vectors for each gate, one for the input and one for the recurrent product.',
        name,
      ),
    );
  } else if (cell === 'lstm' || cell === 'rnn') {
    if (!(framework === 'haiku' && cell === 'rnn'))
      messages.push(message('{0} keeps one bias vector for each gate.', name));
  }
  if (cell !== 'rnn')
    messages.push(message('Order of the gates in the weights: {0}.', gates[cell].join(', ')));
  if (cell === 'gru') {
    messages.push(
      reset === undefined
        ? message('Whether the reset gate comes before or after the recurrent product is not known.')
        : reset
          ? message('The reset gate is applied after the recurrent product.')
          : message('The reset gate is applied before the recurrent product.'),
      framework === 'haiku'
        ? message('z = 1 takes the candidate, z = 0 keeps the old state.')
        : message('z = 1 keeps the old state, z = 0 takes the candidate.'),
    );
  }
  return messages;
}
