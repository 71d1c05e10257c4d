import { type Layer, message } from '../../model';
import { recoverLayers } from '../state-dict/recover';
import type { NamedTensor } from '../state-dict/tensor';
import type { FileTensor } from './attach';

/**
 * Layers from a weights file without a configuration: recurrent layers by the names and shapes of their tensors, everything else
 * as parameters, all of it counted.
 */
export function layersFromWeights(tensors: ReadonlyMap<string, FileTensor>, file: string): Layer[] {
  const groups = new Map<string, string[]>();
  for (const path of tensors.keys()) {
    const prefix = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    groups.set(prefix, [...(groups.get(prefix) ?? []), path]);
  }
  const named: NamedTensor[] = [];
  for (const [prefix, paths] of groups) {
    if (prefix.includes('seed_generator') || prefix.startsWith('optimizer')) continue;
    const roles = rolesOf(paths.map((p) => tensors.get(p)!.shape));
    const numbered = prefix.endsWith('/vars') || prefix === 'vars';
    const owner = numbered ? prefix.slice(0, Math.max(0, prefix.length - '/vars'.length)) : prefix;
    paths.forEach((path, i) => {
      const tensor = tensors.get(path)!;
      const leaf = numbered
        ? (roles?.[i] ?? path.slice(path.lastIndexOf('/') + 1))
        : path.slice(prefix.length ? prefix.length + 1 : 0);
      // Dots separate modules in the recovery; Keras' slashes stand for the same.
      const name = [...owner.split('/').filter((s) => s !== ''), leaf.replace(/:0$/, '')]
        .map((s) => s.replaceAll('.', '_'))
        .join('.');
      named.push({
        name,
        shape: tensor.shape,
        dtype: tensor.dtype,
        buffer: false,
        ...(tensor.bytes ? { bytes: tensor.bytes } : {}),
      });
    });
  }
  return recoverLayers(named, {
    file,
    framework: 'keras',
    callsUnknown: message('A checkpoint holds weights, not the forward pass that uses them.'),
  });
}

/** What numbered tensors are when their shapes fit only one reading: a cell's three, or a dense layer's two. */
function rolesOf(shapes: readonly (readonly number[])[]): readonly string[] | undefined {
  const [kernel, second, bias] = shapes;
  if (kernel?.length !== 2) return undefined;
  const recurrent = second?.length === 2 && second[1] === kernel[1];
  if (recurrent && shapes.length <= 3)
    return bias ? ['kernel', 'recurrent_kernel', 'bias'] : ['kernel', 'recurrent_kernel'];
  if (shapes.length === 2 && second?.length === 1 && second[0] === kernel[1]) return ['kernel', 'bias'];
  return undefined;
}
