import { isRecurrent, message, valueOf, type Dim, type Layer, type Message, type Shape } from '../../model';
import { placeKey } from './layers-in';
import type { Finding, Rule, RuleInput } from './types';

/** A layer is given vectors of another size than it was made for, and both sizes are known. */
export const inputSizeMismatch: Rule = {
  id: 'input-size-mismatch',
  severity: 'warning',
  check(input) {
    const found = new Map<string, Finding>();
    for (const { model } of input.models) {
      for (const layer of model.layers) {
        const finding = mismatch(layer, model.layers, input);
        if (finding) found.set(placeKey(finding.source), finding);
      }
    }
    return [...found.values()];
  },
};

function mismatch(layer: Layer, all: readonly Layer[], { file }: RuleInput): Finding | undefined {
  const expected = inputSize(layer);
  if (expected === undefined || layer.source.file !== file || !layer.source.range) return undefined;
  for (const call of layer.calls ?? []) {
    const given = lastAxis(call.inputs[0]);
    if (given === undefined || given === expected) continue;
    return {
      rule: 'input-size-mismatch',
      message: explain(layer, all, expected, given),
      source: layer.facts?.['inputSize']?.source ?? layer.source,
    };
  }
  return undefined;
}

function inputSize(layer: Layer): number | undefined {
  return isRecurrent(layer) || (layer.kind === 'dense' && !layer.secondInputSize)
    ? valueOf(layer.inputSize)
    : undefined;
}

function lastAxis(shape: Shape | undefined): number | undefined {
  const last: Dim | undefined = shape?.at(-1);
  return last === undefined ? undefined : valueOf(last);
}

function explain(layer: Layer, all: readonly Layer[], expected: number, given: number): Message {
  const doubled = all.some(
    (l) => isRecurrent(l) && valueOf(l.directions) === 2 && valueOf(l.hiddenSize) === expected,
  );
  return doubled && given === 2 * expected
    ? message(
        '{0} expects {1} features, but a bidirectional layer gives {2}: twice its hidden size.',
        layer.path,
        expected,
        given,
      )
    : message('{0} expects {1} features, but is given {2}.', layer.path, expected, given);
}
