import { type Dim, type Layer, type Model, type Shape, equalDims, isRecurrent, mul } from '../model';

/**
 * A model read again with other hidden sizes, with the input sizes that are written as numbers of their own put right: where the shapes
 * that the reader carries through the forward pass show that a layer now gets another number of features, its size follows. Undefined when a layer's
 * input cannot be seen, or its kind has no one size to follow: then nobody knows what the model would be.
 */
export function followShapes(again: Model, before: Model): Model | undefined {
  const layers: Layer[] = [];
  for (const [i, layer] of again.layers.entries()) {
    const followed = follow(layer, before.layers[i]!, before);
    if (followed === undefined) return undefined;
    layers.push(followed);
  }
  return { ...again, layers };
}

function follow(layer: Layer, before: Layer, model: Model): Layer | undefined {
  // What is never called gets nothing; whether it would fit does not matter to what it costs.
  if (layer.calls?.length === 0) return layer;
  if (isRecurrent(layer)) return withSize(layer, layer.inputSize, (inputSize) => ({ ...layer, inputSize }));
  switch (layer.kind) {
    case 'dense':
      // A second input hides which of the two changed.
      if (layer.secondInputSize !== undefined) return undefined;
      return withSize(layer, layer.inputSize, (inputSize) => ({ ...layer, inputSize }));
    case 'layer-norm':
    case 'rms-norm':
      return withSize(layer, layer.features, (features) => ({ ...layer, features }));
    case 'embedding':
    case 'activation':
    case 'dropout':
    case 'pooling':
    case 'reshape':
    case 'merge':
    case 'input':
    case 'preprocessing':
      return layer;
    case 'parameter':
      return before.kind === 'parameter' &&
        mayFollow(before.shape, model) &&
        sameShape(layer.shape, before.shape)
        ? undefined
        : layer;
    default:
      return sameInputs(layer, before) ? layer : undefined;
  }
}

/** The layer with the number of features that its calls show; undefined when they show none or several. */
function withSize<T extends Layer>(layer: T, size: Dim, change: (size: Dim) => Layer): Layer | undefined {
  const seen = layer.calls?.map((call) => call.inputs[0]?.at(-1));
  const first = seen?.[0];
  if (first === undefined || !seen?.every((d) => d !== undefined && equalDims(d, first))) return undefined;
  return equalDims(first, size) ? layer : change(first);
}

/** A free weight written as a number that is also a hidden size may or may not be meant to follow it. */
function mayFollow(shape: Shape, model: Model): boolean {
  const sizes = model.layers
    .filter(isRecurrent)
    .flatMap((l) => [l.hiddenSize, mul(l.hiddenSize, l.directions)]);
  return shape.some((d) => sizes.some((h) => equalDims(d, h)));
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => equalDims(d, b[i]!));
}

/** Whether a layer of any other kind still gets what it got: then nothing of it changes. */
function sameInputs(layer: Layer, before: Layer): boolean {
  if (layer.calls === undefined || before.calls?.length !== layer.calls.length) return false;
  return layer.calls.every((call, i) => {
    const old = before.calls![i]!;
    return (
      call.inputs.length === old.inputs.length &&
      call.inputs.every((shape, k) => {
        const was = old.inputs[k];
        return shape !== undefined && was !== undefined && sameShape(shape, was);
      })
    );
  });
}
