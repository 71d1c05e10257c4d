import { explainCounters, explainFramework, explainParams } from '../cost';
import { conventionOf } from '../cost/conventions';
import {
  FRAMEWORK_NAMES,
  type Framework,
  type Message,
  type RecurrentLayer,
  type Workload,
  cellOf,
  message,
  valueOf,
} from '../model';
import type { Explanation } from '../report/explain-text';
import { sizeText } from '../report/layer-text';
import { equationsOf } from './equations';

/** Why a recurrent layer's count is what it is: its equations, its framework's conventions, and what others count for the same sizes. */
export function explain(layer: RecurrentLayer, workload: Workload): Explanation {
  const reset = resetOf(layer);
  return {
    // With the order of reset unknown the equations would be a guess.
    equations: reset === undefined ? [] : equationsOf(layer, reset),
    sentences: conventionsOf(layer, reset, workload),
  };
}

function resetOf(layer: RecurrentLayer): boolean | undefined {
  const value =
    layer.resetAfter === undefined ? conventionOf(layer.framework).resetAfter : valueOf(layer.resetAfter);
  return value === undefined ? undefined : value === 1;
}

function conventionsOf(
  layer: RecurrentLayer,
  reset: boolean | undefined,
  workload: Workload,
): readonly Message[] {
  const { framework } = layer;
  const cell = cellOf(layer.kind);
  const messages: Message[] = explainParams(layer).map((part) => part.message);
  if (cell !== 'rnn')
    messages.push(
      message('Order of the gates in the weights: {0}.', conventionOf(framework).gates[cell].join(', ')),
    );
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
  return [...messages, ...elsewhere(layer, workload), ...counters(layer, workload)];
}

/** Frameworks whose users most often meet the other one's count. */
const COMPARED: readonly Framework[] = ['pytorch', 'keras', 'tfjs', 'flax-linen'];

/** What the same sizes count in other frameworks, where that is another number. */
function elsewhere(layer: RecurrentLayer, workload: Workload): readonly Message[] {
  return COMPARED.filter((f) => f !== layer.framework).flatMap((framework) => {
    const { params, difference, reasons } = explainFramework(layer, framework, workload);
    if (difference.terms.size === 0) return [];
    const count = message(
      'The same sizes in {0}: {1} parameters, a difference of {2}.',
      FRAMEWORK_NAMES[framework],
      sizeText(params),
      sizeText(difference),
    );
    // The first reason is about this layer, and has been said.
    return [count, ...reasons.slice(1, 2)];
  });
}

/** What other counters print as multiply-accumulates, and what they add to those of the weights. */
function counters(layer: RecurrentLayer, workload: Workload): readonly Message[] {
  return explainCounters(layer, workload).flatMap(({ counter, prints, macs, parts }) => [
    message(
      '{0} prints {1} multiply-accumulates where the weights take part in {2}:',
      counter,
      sizeText(prints),
      sizeText(macs),
    ),
    ...parts.map((part) => ({ text: part.message.text, args: [sizeText(part.amount)] })),
  ]);
}
