import type { LayerCost, ModelCost } from '../cost/types';
import { formatMessage } from '../model';
import type { Explanation } from './explain-text';
import { lineOf, numberOf, SCHEMA_VERSION, workloadJson } from './json-numbers';
import { quantitiesJson } from './quantities-json';

/** One model of {@link explainJson}, with the layers that were asked for. */
export interface ExplainedModel {
  readonly cost: ModelCost;
  readonly layers: readonly { readonly cost: LayerCost; readonly explanation: Explanation | undefined }[];
}

/** The object that `rnn-lens explain --json` prints; `media/schemas/explain.schema.json` describes it. */
export function explainJson(file: string, models: readonly ExplainedModel[]) {
  return { schemaVersion: SCHEMA_VERSION, file, models: models.map(modelJson) };
}

function modelJson({ cost, layers }: ExplainedModel) {
  const { model, workload } = cost;
  return {
    name: model.name,
    framework: model.framework,
    workload: workloadJson(workload),
    quantities: quantitiesJson(cost, workload),
    notes: [...cost.supposed, ...cost.unknown].map((m) => formatMessage(m)),
    layers: layers.map(({ cost: layerCost, explanation }) => {
      const { layer, formula, tensors } = layerCost;
      return {
        path: layer.path,
        kind: layer.kind,
        type: layer.typeName,
        line: lineOf(layer.source),
        formula: formula ?? null,
        tensors:
          tensors?.map((t) => ({
            name: t.name,
            shape: t.shape.map(numberOf),
            role: t.role,
            trainable: t.trainable,
            counted: t.counted,
            ...(t.gates && { gates: t.gates }),
          })) ?? null,
        quantities: quantitiesJson(layerCost, workload),
        notes: [...layerCost.supposed, ...layerCost.unknown].map((m) => formatMessage(m)),
        ...(explanation && {
          equations: explanation.equations,
          sentences: explanation.sentences.map((m) => formatMessage(m)),
        }),
      };
    }),
  };
}
