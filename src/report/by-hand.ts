import { isRecurrent, message, valueOf, type Layer, type Message } from '../model';

/** What a cell written by hand is, in sentences; nothing for any other layer. */
export function byHandText(layer: Layer): readonly Message[] {
  if (!isRecurrent(layer) || !layer.byHand) return [];
  const { parts, updateKeeps, biases } = layer.byHand;
  return [
    message('GRU cell, written by hand from {0}.', parts.join(', ')),
    valueOf(layer.resetAfter ?? 0) === 1
      ? message('The reset gate acts after the recurrent product.')
      : message('The reset gate acts before the recurrent product.'),
    updateKeeps
      ? message('The update gate z is the share of the old state that stays.')
      : message('The update gate z is the share of the candidate that comes in.'),
    biases === 0
      ? message('No bias.')
      : biases === 1
        ? message('One bias vector per gate.')
        : message('Two bias vectors per gate.'),
  ];
}
