import { BATCH, constant, message, mul, SEQ_LEN, valueOf, type Dim, type Shape } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { tuple } from '../../evaluate/make';
import type { Arguments, LayerDraft, ObjectValue, TensorValue, Value } from '../../evaluate/values';
import { infoOf, isOpen, resolveAxes, settle, tensorArgument, unify, unknownShape } from './shapes';

type Recurrent = Extract<LayerDraft, { hiddenSize: Dim; numLayers: Dim }>;

function recurrentOf(layer: ObjectValue): Recurrent | undefined {
  return layer.draft && 'numLayers' in layer.draft ? layer.draft : undefined;
}

/** `output, h_n = rnn(input, h_0)`; with batch_first the batch is the input's and output's first axis (never the state's). */
export function runRecurrent(layer: ObjectValue, args: Arguments, host: Host): Value {
  const draft = recurrentOf(layer);
  const input = tensorArgument(args, 0, 'input');
  if (!draft) {
    host.useUnclear(layer, message('The layer itself is not known.'));
    return tuple([unknownShape(host), unknownShape(host)]);
  }
  const first = batchAxisFirst(draft, input);
  if (isOpen(input))
    settle(host, input, first ? [BATCH, SEQ_LEN, draft.inputSize] : [SEQ_LEN, BATCH, draft.inputSize]);
  const shape = input?.shape;
  if (!shape || first === undefined || (shape.length !== 3 && shape.length !== 2)) {
    host.useUnclear(layer, input?.why ?? message('Its input’s shape is not known.'));
    return tuple([unknownShape(host), states(draft, undefined, host)]);
  }
  const batched = shape.length === 3;
  const [steps, batch] = !batched
    ? [shape[0]!, constant(1)]
    : first
      ? [shape[1]!, shape[0]!]
      : [shape[0]!, shape[1]!];
  unify(host, steps, SEQ_LEN);
  unify(host, batch, BATCH);
  const size = mul(outputSize(draft), draft.directions);
  const output: Shape = [...shape.slice(0, -1), size];
  mismatch(layer, shape.at(-1)!, draft.inputSize, args, host);
  const packed = input && infoOf(input).packed;
  host.use(layer, [shape], output, args.site, { steps, batch, ...(packed && { packed: true }) });
  return tuple([
    host.tensor(output, undefined, packed ? { packed } : undefined),
    states(draft, batched ? batch : undefined, host, !batched),
  ]);
}

/** A `PackedSequence` remembers its own layout: `batch_first` of the layer does not matter for it. */
function batchAxisFirst(draft: Recurrent, input: TensorValue | undefined): boolean | undefined {
  const packed = input && infoOf(input).packed;
  if (packed) return packed.batchFirst;
  return draft.batchFirst;
}

function outputSize(draft: Recurrent): Dim {
  return draft.projSize && valueOf(draft.projSize) !== 0 ? draft.projSize : draft.hiddenSize;
}

function states(draft: Recurrent, batch: Dim | undefined, host: Host, unbatched = false): Value {
  const layers = mul(draft.numLayers, draft.directions);
  const state = (size: Dim): TensorValue =>
    batch ? host.tensor([layers, batch, size]) : unbatched ? host.tensor([layers, size]) : unknownShape(host);
  return draft.kind === 'lstm'
    ? tuple([state(outputSize(draft)), state(draft.hiddenSize)])
    : state(draft.hiddenSize);
}

/** `h = cell(x, h)`; LSTM cells give `(h, c)`. */
export function runCell(layer: ObjectValue, args: Arguments, host: Host): Value {
  const draft = recurrentOf(layer);
  const input = tensorArgument(args, 0, 'input');
  if (!draft) {
    host.useUnclear(layer, message('The layer itself is not known.'));
    return unknownShape(host);
  }
  if (isOpen(input)) settle(host, input, [BATCH, draft.inputSize]);
  const shape = input?.shape;
  if (!shape || shape.length > 2 || shape.length < 1) {
    host.useUnclear(layer, input?.why ?? message('Its input’s shape is not known.'));
    const state = unknownShape(host);
    return draft.kind === 'lstm-cell' ? tuple([state, state]) : state;
  }
  const batch = shape.length === 2 ? shape[0]! : constant(1);
  if (shape.length === 2) unify(host, batch, BATCH);
  const output: Shape = [...shape.slice(0, -1), draft.hiddenSize];
  mismatch(layer, shape.at(-1)!, draft.inputSize, args, host);
  host.use(layer, [shape], output, args.site, { steps: constant(1), batch });
  const state = host.tensor(output);
  return draft.kind === 'lstm-cell' ? tuple([state, host.tensor(output)]) : state;
}

/** A layer given another size than it was made for is a finding. */
export function mismatch(layer: ObjectValue, given: Dim, wanted: Dim, args: Arguments, host: Host): void {
  const [a, b] = [valueOf(resolveAxes(host, given)), valueOf(wanted)];
  if (!host.following || a === undefined || b === undefined || a === b) return;
  host.problem({
    code: 'shape-mismatch',
    severity: 'warning',
    message: message(
      '`{0}` expects {1} features and gets {2} here.',
      layer.draft?.typeName ?? layer.type,
      b,
      a,
    ),
    source: host.ref(args.site),
  });
}
