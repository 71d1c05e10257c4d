import {
  BATCH,
  SEQ_LEN,
  symbolName,
  symbolsIn,
  type Assumed,
  type Dim,
  type Layer,
  type Unknown,
} from '../../../model';
import type { Host } from '../evaluate/host';
import type { UnknownValue } from '../evaluate/values';

const ASSUMED_SIZES = new Set([symbolName(SEQ_LEN)!, symbolName(BATCH)!]);

/** The unknowns that a model's layers depend on, each with its reason. */
export function unknownsOf(layers: readonly Layer[], host: Host): Unknown[] {
  const names = new Set<string>();
  for (const layer of layers) {
    collect(layer, names);
    if (layer.kind === 'unknown') for (const name of layer.dependsOn) names.add(name);
  }
  const unknowns: Unknown[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const value = host.unknownOf(name);
    if (!value || seen.has(name) || ASSUMED_SIZES.has(name)) return;
    seen.add(name);
    unknowns.push(unknownFrom(name, value, host));
  };
  names.forEach(visit);
  return unknowns;
}

function unknownFrom(name: string, value: UnknownValue, host: Host): Unknown {
  return {
    name,
    reason: value.reason,
    ...(value.site && { source: host.ref(value.site) }),
    ...(value.choices.length > 0 && { choices: value.choices }),
  };
}

/** Every symbol in every size of a layer. */
function collect(value: unknown, into: Set<string>): void {
  if (value === null || typeof value !== 'object') return;
  if ('terms' in value && value.terms instanceof Map) {
    symbolsIn(value as Dim, into);
    return;
  }
  if (value instanceof Map) return;
  for (const [key, part] of Object.entries(value)) {
    if (key !== 'source' && key !== 'facts' && key !== 'reason' && key !== 'callsUnknown')
      collect(part, into);
  }
}

export function assumedOf(host: Host): Assumed[] {
  return [...host.assumed.values()];
}
