import type { Layer, LayerBase, StoredTensor } from '../../model';
import type { ModuleGroup, RecoverOptions } from './group';
import { recoverKerasRecurrent } from './keras-names';
import { recoverBatchNorm, recoverDense, recoverParameters } from './others';
import { type Recovered, recoverCell, recoverStacked } from './recurrent';
import { type ModuleHint, type NamedTensor, leafOf, prefixOf } from './tensor';

const RECOGNISERS: readonly ((g: ModuleGroup, o: RecoverOptions) => Recovered<Layer> | undefined)[] = [
  recoverStacked,
  recoverCell,
  recoverKerasRecurrent,
  recoverBatchNorm,
  recoverDense,
];

/**
 * Layers from tensors' names and shapes, in the order in which their first tensor appears. Every tensor ends up in exactly one
 * layer, so the counts add up to the file's own; tensors that share their storage are counted at the first and tied at the others.
 */
export function recoverLayers(
  tensors: readonly NamedTensor[],
  options: RecoverOptions,
  hints: ReadonlyMap<string, ModuleHint> = new Map(),
): Layer[] {
  const layers: Layer[] = [];
  const shares = new Map<StoredTensor, string>();
  for (const group of groupByModule(tensors, hints, shares)) layers.push(...recoverGroup(group, options));
  return tieShared(uniquePaths(layers), shares);
}

function groupByModule(
  tensors: readonly NamedTensor[],
  hints: ReadonlyMap<string, ModuleHint>,
  shares: Map<StoredTensor, string>,
): ModuleGroup[] {
  const groups = new Map<string, Map<string, NamedTensor>>();
  for (const tensor of tensors) {
    const prefix = prefixOf(tensor.name);
    let group = groups.get(prefix);
    if (!group) groups.set(prefix, (group = new Map()));
    group.set(leafOf(tensor.name), tensor);
  }
  return [...groups].map(([prefix, members]) => ({
    prefix,
    tensors: members,
    hint: hints.get(prefix),
    shares,
  }));
}

function recoverGroup(group: ModuleGroup, options: RecoverOptions): Layer[] {
  const valid = new Map([...group.tensors].filter(([, t]) => t.invalid === undefined));
  const invalid = [...group.tensors.values()].filter((t) => t.invalid !== undefined);
  const unknown = invalid.map((tensor): Layer => ({
    kind: 'unknown',
    path: tensor.name,
    typeName: 'Parameter',
    framework: options.framework,
    source: { file: options.file, member: tensor.name },
    callsUnknown: options.callsUnknown,
    reason: tensor.invalid!,
    dependsOn: [],
  }));
  const sound = { ...group, tensors: valid };
  for (const recognise of RECOGNISERS) {
    const found = recognise(sound, options);
    if (!found) continue;
    const rest = [...valid.keys()].filter((leaf) => !found.leaves.includes(leaf));
    return [found.layer, ...recoverParameters(sound, rest, options), ...unknown];
  }
  return [...recoverParameters(sound, [...valid.keys()], options), ...unknown];
}

/** Names in a file may clash once modules and loose parameters share one tree (`a` and `a.weight` cannot, but hostile files try). */
export function uniquePaths<L extends LayerBase>(layers: readonly L[]): L[] {
  const used = new Map<string, number>();
  return layers.map((layer) => {
    const count = used.get(layer.path) ?? 0;
    used.set(layer.path, count + 1);
    return count === 0 ? layer : { ...layer, path: `${layer.path}#${count + 1}` };
  });
}

function tieShared(layers: readonly Layer[], shares: ReadonlyMap<StoredTensor, string>): Layer[] {
  const owners = new Map<string, { layer: string; tensor: string }>();
  return layers.map((layer) => {
    const tied = new Map<string, { layer: string; tensor: string }>();
    for (const tensor of layer.stored ?? []) {
      const share = shares.get(tensor);
      if (share === undefined) continue;
      const owner = owners.get(share);
      if (owner) tied.set(tensor.name, owner);
      else owners.set(share, { layer: layer.path, tensor: tensor.name });
    }
    return tied.size > 0 ? { ...layer, tied: Object.fromEntries(tied) } : layer;
  });
}
