import {
  isRecurrent,
  message,
  valueOf,
  type Dim,
  type Layer,
  type Message,
  type Position,
  type Shape,
  type SourceRef,
} from '../../model';
import { placeKey } from './layers-in';
import type { Finding, Rule, RuleInput, TextFix } from './types';

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

function mismatch(layer: Layer, all: readonly Layer[], { file, textAt }: RuleInput): Finding | undefined {
  const expected = inputSize(layer);
  if (expected === undefined || layer.source.file !== file || !layer.source.range) return undefined;
  for (const call of layer.calls ?? []) {
    const given = lastAxis(call.inputs[0]);
    if (given === undefined || given === expected) continue;
    const doubled = given === 2 * expected && hasBidirectional(expected, all);
    const argument = layer.facts?.['inputSize']?.source;
    const fix =
      argument && inside(argument, layer.source) && resized(argument, textAt(argument), given, doubled);
    return {
      rule: 'input-size-mismatch',
      message: explain(layer, expected, given, doubled),
      source: argument ?? layer.source,
      ...(call.source ? { shownAt: call.source } : {}),
      ...(fix ? { fix } : {}),
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

function hasBidirectional(hiddenSize: number, all: readonly Layer[]): boolean {
  return all.some(
    (l) => isRecurrent(l) && valueOf(l.directions) === 2 && valueOf(l.hiddenSize) === hiddenSize,
  );
}

function explain(layer: Layer, expected: number, given: number, doubled: boolean): Message {
  if (doubled) {
    return message(
      '{0} expects {1} features, but a bidirectional layer gives {2}: twice its hidden size.',
      layer.path,
      expected,
      given,
    );
  }
  return isRecurrent(layer) && valueOf(layer.hiddenSize) === expected
    ? message(
        '{0} takes its hidden size, {1}, for its input size, but is given {2} features.',
        layer.path,
        expected,
        given,
      )
    : message('{0} expects {1} features, but is given {2}.', layer.path, expected, given);
}

/** Whether the argument is written in the layer's own call. */
function inside(argument: SourceRef, layer: SourceRef): boolean {
  const [a, l] = [argument.range, layer.range];
  return argument.file === layer.file && !!a && !!l && !before(a.start, l.start) && !before(l.end, a.end);
}

function before(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** `hidden` becomes `2 * hidden` behind a bidirectional layer; a number becomes the right number. */
function resized(source: SourceRef, text: string, given: number, doubled: boolean): TextFix | undefined {
  const isNumber = /^\d+$/.test(text);
  if (!isNumber && !(doubled && /^[\w.]+$/.test(text))) return undefined;
  const right = isNumber ? String(given) : `2 * ${text}`;
  return { title: message('Change {0} to {1}', text, right), source, text: right };
}
