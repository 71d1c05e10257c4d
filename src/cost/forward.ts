import {
  type Dim,
  type Layer,
  type LayerCall,
  type Message,
  type Shape,
  add,
  constant,
  equalDims,
  isRecurrent,
  message,
  mul,
} from '../model';
import { attentionWork, transformerWork } from './layers/attention-work';
import { convLstmWork, convWork } from './layers/conv-work';
import { normOps } from './layers/norm-work';
import { mergeWork, perStepWork, recurrentUses } from './recurrent-work';
import { elements } from './tensor';
import type { Work } from './types';
import { NO_WORK, activationOps, addWork, makeWork, scaleWork } from './work';

/** A forward pass of one layer, still in T and B; or why it is unknown. */
export type Forward = { readonly work: Work } | { readonly unknown: Message };

/** Work of all uses of a layer in one forward pass, over all copies that a loop makes. */
export function forwardOf(layer: Layer): Forward {
  const once = usesOf(layer);
  return 'work' in once && layer.repeat ? { work: scaleWork(once.work, layer.repeat) } : once;
}

function usesOf(layer: Layer): Forward {
  if (layer.calls?.length === 0) return { work: NO_WORK };
  if (isRecurrent(layer)) {
    const step = perStepWork(layer);
    const runs = recurrentUses(layer).map((use) =>
      scaleWork(addWork([scaleWork(step, use.positions), mergeWork(layer, use)]), use.times),
    );
    return { work: addWork(runs) };
  }
  if (doesNothing(layer)) return { work: NO_WORK };
  if (layer.kind === 'unknown') return { unknown: layer.reason };
  if (layer.calls === undefined) {
    return {
      unknown:
        layer.callsUnknown ?? message('How often {0} runs in a forward pass cannot be seen.', layer.path),
    };
  }
  const works: Work[] = [];
  for (const call of layer.calls) {
    const work = callWork(layer, call);
    if (work === undefined)
      return { unknown: message('The shape of what goes into {0} is not known.', layer.path) };
    works.push(scaleWork(work, call.times));
  }
  return { work: addWork(works) };
}

/** Layers that only look up, move or drop values, and pooling: no products, and by convention no FLOPs. */
function doesNothing(layer: Layer): boolean {
  switch (layer.kind) {
    case 'embedding':
    case 'dropout':
    case 'pooling':
    case 'reshape':
    case 'input':
    case 'preprocessing':
    case 'other':
      return true;
    default:
      return false;
  }
}

function callWork(layer: Exclude<Layer, { kind: 'unknown' }>, call: LayerCall): Work | undefined {
  const input = call.inputs[0];
  switch (layer.kind) {
    case 'dense': {
      const positions = leading(input) ?? leading(call.output);
      if (positions === undefined) return undefined;
      const second = layer.secondInputSize ?? 1;
      return makeWork({
        macs: mul(positions, layer.inputSize, second, layer.outputSize),
        bias: mul(positions, layer.bias, layer.outputSize),
        ops: activationOps(layer.activation, mul(positions, layer.outputSize)),
      });
    }
    case 'conv':
    case 'conv-transpose':
    case 'depthwise-conv':
    case 'separable-conv':
      return convWork(layer, call);
    case 'conv-lstm':
      return convLstmWork(layer, call);
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return input && makeWork({ ops: normOps(layer.kind, elements(input), layer.scale, layer.offset) });
    case 'attention':
    case 'additive-attention':
    case 'multi-head-attention':
      return attentionWork(layer, call);
    case 'transformer-encoder-layer':
    case 'transformer-decoder-layer':
      return transformerWork(layer, call);
    case 'activation':
      return input && makeWork({ ops: activationOps(layer.op, elements(input)) });
    case 'merge':
      return joinWork(layer.op, call);
    case 'parameter':
      // What a free weight is multiplied with cannot be seen from its shape; a PReLU is an activation with learnt slopes.
      return layer.typeName === 'PReLU' ? input && makeWork({ ops: { prelu: elements(input) } }) : undefined;
    default:
      return NO_WORK;
  }
}

/** Product of all axes but the last: how often a dense layer is applied. */
function leading(shape: Shape | undefined): Dim | undefined {
  return shape === undefined || shape.length === 0 ? undefined : elements(shape.slice(0, -1));
}

/** Operation per value and further input, by what a merge layer is called. */
const JOIN_OPS: Readonly<Record<string, string>> = {
  add: 'add',
  average: 'add',
  subtract: 'sub',
  multiply: 'mul',
  maximum: 'max',
  minimum: 'min',
};

function joinWork(op: string, call: LayerCall): Work | undefined {
  if (op === 'dot') return dotWork(call);
  const name = JOIN_OPS[op];
  // Joining end to end moves values; what any other merge computes is not known here.
  if (name === undefined) return op === 'concat' ? NO_WORK : undefined;
  const shape = call.output ?? call.inputs[0];
  if (shape === undefined) return undefined;
  const values = elements(shape);
  const each = mul(values, add(call.inputs.length, -1));
  return makeWork({ ops: op === 'average' ? { [name]: each, div: values } : { [name]: each } });
}

/**
 * Keras' `Dot`: products of two activations summed over one axis of each, per batch entry. Which axes is seen from the shapes: those whose
 * removal leaves the output's. Undefined when no axis fits, or axes of different sizes do.
 */
function dotWork({ inputs: [a, b], output }: LayerCall): Work | undefined {
  if (a === undefined || b === undefined || output === undefined) return undefined;
  const sizes: Dim[] = [];
  for (const [i, size] of a.entries()) {
    for (const [j, other] of b.entries()) {
      if (i === 0 || j === 0 || !equalDims(size, other)) continue;
      const rest = [...a.filter((_, k) => k !== i), ...b.filter((_, k) => k !== j && k !== 0)];
      const shape = rest.length === 1 ? [...rest, constant(1)] : rest;
      if (shape.length === output.length && shape.every((d, k) => equalDims(d, output[k]!))) sizes.push(size);
    }
  }
  const [size] = sizes;
  if (size === undefined || sizes.some((s) => !equalDims(s, size))) return undefined;
  return makeWork({ activationMacs: mul(elements(output), size) });
}
