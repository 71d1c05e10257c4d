import { type Layer, type LayerCall, type RecurrentLayer, BATCH, constant } from '../../../model';
import type { Site } from '../site';
import type { OwnCell } from '../spec';

/** A user's layer that is a GRU cell made of dense layers: one cell in the place of what it is made of. */
export function asOwnCell(site: Site, layers: readonly Layer[], cell: OwnCell): readonly Layer[] {
  const paths = cell.parts.map((part) => {
    const name = site.spec.names?.get(part) ?? part.name ?? part.className;
    return site.path === '' ? name : `${site.path}.${name}`;
  });
  const parts = paths.map((path) => layers.find((l) => l.path === path && l.kind === 'dense'));
  if (!parts.every((l) => l !== undefined) || parts.some((l) => l.frozen)) return layers;
  const one = constant(1);
  const { calls, callsUnknown } = parts[0]!;
  const layer: RecurrentLayer = {
    kind: 'gru-cell',
    ...site.base(undefined),
    path: site.path === '' ? site.spec.className : site.path,
    typeName: site.spec.className,
    inputSize: cell.inputSize,
    hiddenSize: cell.hiddenSize,
    numLayers: one,
    directions: one,
    bias: constant(cell.biases === 0 ? 0 : 1),
    resetAfter: constant(cell.resetAfter ? 1 : 0),
    byHand: { parts: paths, updateKeeps: cell.keeps, biases: cell.biases },
    ...(callsUnknown ? { callsUnknown } : {}),
    ...(calls ? { calls: calls.map((call) => stepOf(call, cell)) } : {}),
  };
  // What the cell computes elementwise is counted with the cell.
  return [layer, ...layers.filter((l) => !parts.includes(l) && l.kind !== 'other')];
}

function stepOf(call: LayerCall, cell: OwnCell): LayerCall {
  const batch = call.inputs[0]?.[0] ?? BATCH;
  return {
    ...call,
    inputs: [[batch, cell.inputSize]],
    output: [batch, cell.hiddenSize],
    steps: constant(1),
    batch,
  };
}
