import { isRecurrent, type RecurrentLayer, type SourceRef } from '../../model';
import type { RuleInput } from './types';

/** Every recurrent layer of a file's models, once for each place it is made at. */
export function recurrentLayers(input: RuleInput): readonly RecurrentLayer[] {
  const seen = new Map<string, RecurrentLayer>();
  for (const { model } of input.models) {
    for (const layer of model.layers)
      if (isRecurrent(layer)) seen.set(`${placeKey(layer.source)} ${layer.kind}`, layer);
  }
  return [...seen.values()].filter((layer) => layer.source.file === input.file && layer.source.range);
}

/** A text that is equal for equal places. */
export function placeKey({ file, range }: SourceRef): string {
  return `${file}:${range?.start.line}:${range?.start.character}-${range?.end.line}:${range?.end.character}`;
}
