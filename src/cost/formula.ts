import {
  type Dim,
  type Layer,
  constant,
  constantOf,
  equalDims,
  floorDiv,
  formatDim,
  formatFilled,
  isCell,
  isRecurrent,
  mul,
  sub,
  substitute,
  symbol,
  valueOf,
} from '../model';
import { layerTensors } from './layer-tensors';
import { countParams } from './params';
import type { Projected } from './recurrent-shape';

/** A parameter formula in letters and with the layer's own sizes filled in. */
export interface Formula {
  readonly letters: string;
  readonly filled: string;
}

/**
 * The parameter formula of a layer, made by counting the same layer with letters for sizes. Filled in with numbers
 * it is plain arithmetic (digits, `·`, `+`, parentheses) that evaluates to `total`; with unknowns it is `total` simplified.
 */
export function formulaOf(layer: Layer, total: Dim): Formula {
  if (layer.stored !== undefined) return storedFormula(layer, total);
  const { parts, values } = lettered(layer);
  const agrees = equalDims(
    substitute(
      parts.reduce((sum, part) => sub(sum, mul(-1, part)), constant(0)),
      values,
    ),
    total,
  );
  if (!agrees) return { letters: formatDim(total), filled: formatDim(total) };
  const numbers = new Map<string, bigint>();
  for (const [letter, value] of values) {
    const number = constantOf(value);
    if (number !== undefined) numbers.set(letter, number);
  }
  const complete = numbers.size === values.size && constantOf(total) !== undefined;
  return {
    letters: parts.map(formatDim).join(' + '),
    filled: complete ? parts.map((part) => formatFilled(part, numbers)).join(' + ') : formatDim(total),
  };
}

function storedFormula(layer: Layer, total: Dim): Formula {
  const tensors = (layerTensors(layer) ?? []).filter((t) => t.counted);
  const text = tensors.map((t) => t.shape.map(formatDim).join('·') || '1').join(' + ');
  const product = layer.repeat === undefined ? text : formatDim(total);
  return { letters: product || '0', filled: product || '0' };
}

interface Lettered {
  /** Summands: the first of a stack apart from the upper ones. */
  readonly parts: readonly Dim[];
  readonly values: ReadonlyMap<string, Dim>;
}

function lettered(layer: Layer): Lettered {
  const values = new Map<string, Dim>();
  const once = withLetters({ ...layer, repeat: constant(1) } as Layer, values);
  const count = (l: Layer): Dim => countParams(layerTensors(l) ?? []).total;
  const repeat = layer.repeat;
  const copies = repeat === undefined || valueOf(repeat) === 1 ? constant(1) : named('N', repeat, values);
  if (isRecurrent(once) && !isCell(once) && valueOf(once.numLayers) !== 1) {
    const n = once.numLayers;
    const first = count({ ...once, numLayers: constant(1) });
    const upper = sub(count({ ...once, numLayers: constant(2) }), first);
    const above = valueOf(n) === 2 ? constant(1) : named('(L - 1)', sub(n, 1), values);
    return { parts: [mul(copies, first), mul(copies, above, upper)], values };
  }
  return { parts: [mul(copies, count(once))], values };
}

function named(letter: string, value: Dim, values: Map<string, Dim>): Dim {
  values.set(letter, value);
  return symbol(letter);
}

/** The layer with a letter for each of its sizes; equal sizes of attention share one letter. */
function withLetters(layer: Layer, values: Map<string, Dim>): Layer {
  const letter = (name: string, value: Dim): Dim => named(name, value, values);
  if (isRecurrent(layer)) {
    // A projection that may or may not be there is left as it is: its letter would hide that question.
    const p = layer.projSize === undefined ? 0n : constantOf(layer.projSize);
    const sized: Projected = {
      ...layer,
      inputSize: letter('I', layer.inputSize),
      hiddenSize: letter('H', layer.hiddenSize),
    };
    if (p === undefined || p === 0n) return sized;
    const projected: Projected = { ...sized, projSize: letter('P', constant(p)), projected: true };
    return projected;
  }
  switch (layer.kind) {
    case 'conv-lstm':
      return {
        ...layer,
        inputChannels: letter('C', layer.inputChannels),
        filters: letter('F', layer.filters),
        kernelSize: [letter('K', mul(...layer.kernelSize))],
      };
    case 'embedding':
      return {
        ...layer,
        vocabularySize: letter('V', layer.vocabularySize),
        embeddingSize: letter('E', layer.embeddingSize),
      };
    case 'dense':
      return {
        ...layer,
        inputSize: letter('I', layer.inputSize),
        outputSize: letter('O', layer.outputSize),
        ...(layer.secondInputSize === undefined
          ? {}
          : { secondInputSize: letter('J', layer.secondInputSize) }),
      };
    case 'conv':
    case 'depthwise-conv':
    case 'separable-conv':
      return {
        ...layer,
        // With groups the letter stands for the channels that one group reads.
        inputChannels: mul(letter('C', floorDiv(layer.inputChannels, layer.groups)), layer.groups),
        outputChannels: letter('F', layer.outputChannels),
        kernelSize: [letter('K', mul(...layer.kernelSize))],
        ...(layer.depthMultiplier === undefined
          ? {}
          : { depthMultiplier: letter('M', layer.depthMultiplier) }),
      };
    case 'conv-transpose':
      return {
        ...layer,
        inputChannels: letter('C', layer.inputChannels),
        outputChannels: mul(letter('F', floorDiv(layer.outputChannels, layer.groups)), layer.groups),
        kernelSize: [letter('K', mul(...layer.kernelSize))],
      };
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return { ...layer, features: letter('C', layer.features) };
    case 'attention':
      return layer;
    case 'additive-attention':
    case 'multi-head-attention': {
      const shared = new Map<string, Dim>();
      const size = (name: string, value: Dim): Dim => {
        const known = [...shared].find(([, v]) => equalDims(v, value));
        if (known) return symbol(known[0]);
        shared.set(name, value);
        return letter(name, value);
      };
      return {
        ...layer,
        querySize: size('E', layer.querySize),
        keySize: size('Eₖ', layer.keySize),
        valueSize: size('Eᵥ', layer.valueSize),
        outputSize: size('O', layer.outputSize),
        ...(layer.framework === 'pytorch'
          ? {}
          : {
              numHeads: letter('N', layer.numHeads),
              keyDim: letter('k', layer.keyDim),
              valueDim: equalDims(layer.valueDim, layer.keyDim) ? symbol('k') : letter('v', layer.valueDim),
            }),
      };
    }
    case 'transformer-encoder-layer':
    case 'transformer-decoder-layer':
      return {
        ...layer,
        modelSize: letter('E', layer.modelSize),
        feedForwardSize: letter('F', layer.feedForwardSize),
      };
    case 'parameter':
    case 'activation':
    case 'dropout':
    case 'pooling':
    case 'reshape':
    case 'merge':
    case 'input':
    case 'preprocessing':
    case 'other':
    case 'unknown':
      return layer;
  }
}
