import type { Fact, Layer, Model, ReadResult, SourceRef } from '../../model';

type Move = (ref: SourceRef) => SourceRef;

/** A copy of a result in which every place is moved. */
export function relocate(result: ReadResult, move: Move): ReadResult {
  return {
    ...result,
    models: result.models.map((model) => moveModel(model, move)),
    problems: result.problems.map((problem) => ({ ...problem, source: move(problem.source) })),
  };
}

function moveModel(model: Model, move: Move): Model {
  return {
    ...model,
    source: move(model.source),
    ...(model.construction && {
      construction: { ...model.construction, source: move(model.construction.source) },
    }),
    layers: model.layers.map((layer) => moveLayer(layer, move)),
    unknowns: model.unknowns.map((u) => (u.source ? { ...u, source: move(u.source) } : u)),
    assumed: model.assumed.map((a) => (a.source ? { ...a, source: move(a.source) } : a)),
  };
}

function moveLayer(layer: Layer, move: Move): Layer {
  return {
    ...layer,
    source: move(layer.source),
    ...(layer.facts && {
      facts: Object.fromEntries(
        Object.entries(layer.facts).map(([key, fact]) => [key, moveFact(fact, move)]),
      ),
    }),
    ...(layer.calls && {
      calls: layer.calls.map((call) => (call.source ? { ...call, source: move(call.source) } : call)),
    }),
  };
}

function moveFact(fact: Fact, move: Move): Fact {
  return { ...fact, source: move(fact.source), ...(fact.origin && { origin: move(fact.origin) }) };
}
