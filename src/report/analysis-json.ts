import type { LayerCost, ModelCost } from '../cost/types';
import type { Layer, Message, Problem } from '../model';
import { displayName, formatDim, formatMessage, isRecurrent, symbolsIn, valueOf } from '../model';
import type { Dim } from '../model';
import { lineOf, numberOf, SCHEMA_VERSION, workloadJson } from './json-numbers';
import { quantitiesJson } from './quantities-json';

/** What {@link analysisJson} needs to know of one file. */
export interface AnalysedFile {
  readonly file: string;
  readonly format: string;
  readonly models: readonly ModelCost[];
  readonly problems: readonly Problem[];
}

/** The object that `rnn-lens analyze --json` prints; `media/schemas/analyze.schema.json` describes it. */
export function analysisJson(files: readonly AnalysedFile[]) {
  return { schemaVersion: SCHEMA_VERSION, files: files.map(fileJson) };
}

function fileJson(file: AnalysedFile) {
  return {
    path: file.file,
    format: file.format,
    models: file.models.map(modelJson),
    problems: file.problems.map((p) => ({
      code: p.code,
      severity: p.severity,
      line: lineOf(p.source),
      message: formatMessage(p.message),
    })),
  };
}

/** One model as JSON. A number that cannot be known is null, never 0. */
export function modelJson(cost: ModelCost) {
  const { model, workload } = cost;
  return {
    name: model.name,
    framework: model.framework,
    form: model.form,
    range: {
      startLine: (model.source.range?.start.line ?? 0) + 1,
      endLine: (model.source.range?.end.line ?? 0) + 1,
    },
    construction: model.construction
      ? { line: lineOf(model.construction.source), text: model.construction.text }
      : null,
    workload: workloadJson(workload),
    params: {
      total: numberOf(cost.params?.total),
      trainable: numberOf(cost.params?.trainable),
      nonTrainable: numberOf(cost.params?.nonTrainable),
      formula: cost.formula ?? (cost.params ? formatDim(cost.params.total) : null),
    },
    macs: { forward: numberOf(cost.forward?.macs) },
    flops: { forward: numberOf(cost.forward?.flops.total) },
    bytes: { weights: numberOf(cost.memory?.weights), activations: numberOf(cost.memory?.activations) },
    quantities: quantitiesJson(cost, workload),
    supposed: cost.supposed.map((m) => formatMessage(m)),
    layers: cost.layers.map(layerJson),
    unresolved: unresolvedJson(cost),
    assumed: model.assumed.map((a) => ({ name: a.name, value: a.value, from: a.from })),
  };
}

function layerJson(cost: LayerCost) {
  const { layer } = cost;
  return {
    path: layer.path,
    kind: layer.kind,
    type: layer.typeName,
    line: lineOf(layer.source),
    params: numberOf(cost.params?.total),
    trainable: numberOf(cost.params?.trainable),
    formula: cost.formula?.filled ?? (cost.params ? formatDim(cost.params.total) : null),
    config: configJson(layer),
    macs: numberOf(cost.forward?.macs),
    flops: numberOf(cost.forward?.flops.total),
    ...(cost.steps ? { steps: numberOf(cost.steps) } : {}),
  };
}

/** The sizes a layer was given; those the kind has no notion of are left out. */
function configJson(
  layer: Layer,
): Record<string, number | string | boolean | null | readonly (number | null)[]> {
  if (isRecurrent(layer)) {
    return {
      inputSize: numberOf(layer.inputSize),
      hiddenSize: numberOf(layer.hiddenSize),
      numLayers: numberOf(layer.numLayers),
      bidirectional: flag(layer.directions, 2),
      bias: flag(layer.bias, 1),
      ...(layer.projSize ? { projSize: numberOf(layer.projSize) } : {}),
      ...(layer.resetAfter ? { resetAfter: flag(layer.resetAfter, 1) } : {}),
    };
  }
  const config: Record<string, number | readonly (number | null)[] | null> = {};
  for (const [key, value] of Object.entries(layer) as [string, unknown][]) {
    if (isDim(value) && key !== 'repeat') config[key] = numberOf(value);
    else if (Array.isArray(value) && value.length > 0 && value.every(isDim))
      config[key] = value.map(numberOf);
  }
  return config;
}

function isDim(value: unknown): value is Dim {
  return typeof value === 'object' && value !== null && 'terms' in value && value.terms instanceof Map;
}

/**
 * Why numbers are missing: the unknowns that a null depends on, and each layer's own reasons.
 * Unknowns that no number of this model depends on are not listed: they would be noise.
 */
function unresolvedJson(cost: ModelCost) {
  const { model } = cost;
  const needed = new Set<string>();
  for (const layer of cost.layers) {
    for (const dim of [layer.params?.total, layer.forward?.macs, layer.forward?.flops.total]) {
      if (dim) symbolsIn(dim, needed);
    }
    if (layer.layer.kind === 'unknown') layer.layer.dependsOn.forEach((name) => needed.add(name));
  }
  const named = model.unknowns
    .filter((u) => needed.has(u.name))
    .map((u) => entry(displayName(u.name), lineOf(u.source ?? model.source), u.reason, u.choices));
  const reasons = cost.layers.flatMap((layer) =>
    layer.unknown.map((reason) => entry(layer.layer.path, lineOf(layer.layer.source), reason)),
  );
  const own = cost.unknown.map((reason) => entry(model.name, lineOf(model.source), reason));
  const seen = new Set<string>();
  return [...named, ...reasons, ...own].filter((e) => {
    const key = `${e.name}\n${e.reason}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function entry(name: string, line: number, reason: Message, choices?: readonly unknown[]) {
  return { name, line, reason: formatMessage(reason), ...(choices?.length ? { choices } : {}) };
}

function flag(dim: Dim, yes: number): boolean | null {
  const value = valueOf(dim);
  return value === undefined ? null : value === yes;
}
