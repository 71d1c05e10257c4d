import {
  BATCH,
  SEQ_LEN,
  symbolName,
  symbolsIn,
  type Assumed,
  type Layer,
  type Unknown,
} from '../../../model';
import type { Host } from '../evaluate/host';
import type { UnknownValue } from '../evaluate/values';
import { eachDim, withPlainNames } from './rename';

const ASSUMED_SIZES = new Set([symbolName(SEQ_LEN)!, symbolName(BATCH)!]);

/** A model's layers with the names of their unknowns as people know them, and those unknowns with their reasons. */
export function settleUnknowns(
  layers: readonly Layer[],
  host: Host,
): { layers: readonly Layer[]; unknowns: Unknown[] } {
  const symbols = new Set<string>();
  eachDim(layers, (d) => {
    symbolsIn(d, symbols);
    return d;
  });
  for (const layer of layers)
    if (layer.kind === 'unknown') for (const name of layer.dependsOn) symbols.add(name);
  const plain = withPlainNames(layers);
  const unknowns: Unknown[] = [];
  for (const name of symbols) {
    const value = host.unknownOf(name);
    if (value && !ASSUMED_SIZES.has(name))
      unknowns.push(unknownFrom(plain.names.get(name) ?? name, value, host));
  }
  return { layers: plain.layers, unknowns };
}

function unknownFrom(name: string, value: UnknownValue, host: Host): Unknown {
  return {
    name,
    reason: value.reason,
    ...(value.site && { source: host.ref(value.site) }),
    ...(value.choices.length > 0 && { choices: value.choices }),
  };
}

export function assumedOf(host: Host): Assumed[] {
  return [...host.assumed.values()];
}
