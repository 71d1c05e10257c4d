import { type Message, type Model, type Workload, add, formatDim } from '../model';
import { costLayer } from './layer-cost';
import { addParams } from './params';
import type { LayerCost, Memory, ModelCost, Work } from './types';
import { addWork } from './work';

/**
 * What a model costs under a workload: the sum over its layers, tied weights counted where they belong. A total is undefined
 * as soon as one layer's part is, and `unknown` says why.
 */
export function costModel(model: Model, workload: Workload): ModelCost {
  const layers = model.layers.map((layer) => costLayer(layer, workload));
  const paramsOf = all(layers, (l) => l.params);
  const params = paramsOf && addParams(paramsOf);
  const forward = sumWork(layers, (l) => l.forward);
  const backward = sumWork(layers, (l) => l.backward);
  const training = sumWork(layers, (l) => l.training);
  return {
    model,
    workload,
    layers,
    params,
    formula: params && formatDim(params.total),
    forward,
    ...(backward ? { backward } : {}),
    ...(training ? { training } : {}),
    memory: sumMemory(layers),
    unknown: distinct(layers.flatMap((l) => l.unknown)),
    supposed: distinct(layers.flatMap((l) => l.supposed)),
  };
}

function all<T>(layers: readonly LayerCost[], pick: (l: LayerCost) => T | undefined): T[] | undefined {
  const picked = layers.map(pick);
  return picked.every((p) => p !== undefined) ? picked : undefined;
}

function sumWork(layers: readonly LayerCost[], pick: (l: LayerCost) => Work | undefined): Work | undefined {
  const works = all(layers, pick);
  return works && addWork(works);
}

function sumMemory(layers: readonly LayerCost[]): Memory | undefined {
  const memories = all(layers, (l) => l.memory);
  if (memories === undefined) return undefined;
  const activations = all(layers, (l) => l.memory?.activations);
  const optimiser = (which: keyof Memory['optimiser']) => add(...memories.map((m) => m.optimiser[which]));
  return {
    weights: add(...memories.map((m) => m.weights)),
    gradients: add(...memories.map((m) => m.gradients)),
    optimiser: { sgd: optimiser('sgd'), momentum: optimiser('momentum'), adam: optimiser('adam') },
    ...(activations ? { activations: add(...activations) } : {}),
  };
}

function distinct(messages: readonly Message[]): readonly Message[] {
  return [...new Map(messages.map((m) => [JSON.stringify(m), m])).values()];
}
