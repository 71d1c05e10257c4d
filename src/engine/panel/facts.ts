import { type Dim, type Layer, isRecurrent } from '../../model';
import type { FactView } from '../../protocol/panel';
import { sizeText } from '../../report/layer-text';
import type { PlaceOf } from './layers';

/** Arguments of recurrent layers that the source gives by name, with what the name stands for: `nhid = 200`. */
export function factsOf(
  layers: readonly Layer[],
  assumed: ReadonlySet<string>,
  placeOf: PlaceOf,
): readonly FactView[] {
  const facts = new Map<string, FactView>();
  for (const layer of layers.filter(isRecurrent)) {
    for (const [field, fact] of Object.entries(layer.facts ?? {})) {
      const value = (layer as unknown as Readonly<Record<string, unknown>>)[field];
      if (!isDim(value) || facts.has(fact.text) || assumed.has(fact.text)) continue;
      const text = sizeText(value);
      // A literal says nothing new, and an unknown name is listed with the unknowns.
      if (!/^[A-Za-z_][\w.]*$/.test(fact.text) || text === fact.text || !/^[\d,]+$/.test(text)) continue;
      if (/^(True|False|true|false|None)$/.test(fact.text)) continue;
      facts.set(fact.text, { name: fact.text, value: text, place: placeOf(fact.origin ?? fact.source) });
    }
  }
  return [...facts.values()];
}

function isDim(value: unknown): value is Dim {
  return typeof value === 'object' && value !== null && (value as Dim).terms instanceof Map;
}
