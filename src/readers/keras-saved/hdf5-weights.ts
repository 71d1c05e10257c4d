import { type Problem, message } from '../../model';
import type { Hdf5DataSet, Hdf5File, Hdf5Object } from '../hdf5/file';
import type { FileTensor } from './attach';
import type { Unit } from './units';

/** The weights of an HDF5 file, by path below a group. */
export class Hdf5Weights {
  private constructor(
    readonly tensors: ReadonlyMap<string, FileTensor>,
    readonly problems: readonly Problem[],
  ) {}

  /**
   * `base` is where the HDF5 file starts in the file that holds it; undefined when it had to be inflated, so that its values have no
   * place there.
   * @throws ReadError when the structure is damaged.
   */
  static async read(
    file: Hdf5File,
    group: Hdf5Object,
    name: string,
    base: number | undefined,
  ): Promise<Hdf5Weights> {
    const tensors = new Map<string, FileTensor>();
    const problems: Problem[] = [];
    for (const [path, set] of await file.dataSets(group)) {
      if (set.impossible) {
        problems.push({
          code: 'tensor-out-of-range',
          severity: 'error',
          message: message(
            'What the file says of the tensor {0} contradicts itself or the size of the file.',
            path,
          ),
          source: { file: name, member: path },
        });
      } else tensors.set(path, toTensor(path, set, name, base));
    }
    return new Hdf5Weights(tensors, problems);
  }

  /** Keras 3: by class and position in the configuration. Before: by the outermost layer's name, then the names inside. */
  of(unit: Unit, style: 'keras3' | 'legacy'): FileTensor[] {
    const found: FileTensor[] = [];
    const prefix = style === 'keras3' ? `${unit.place}/` : `${unit.names[0]!}/`;
    for (const [path, tensor] of this.tensors) {
      if (!path.startsWith(prefix)) continue;
      const segments = path.slice(prefix.length).split('/');
      // A nested model's weights all lie under its own name, below which the layer's name stands.
      const inner = unit.names.slice(1);
      if (style === 'legacy' && !inner.every((n) => segments.includes(n))) continue;
      found.push({ ...tensor, segments });
    }
    return found;
  }
}

function toTensor(path: string, set: Hdf5DataSet, file: string, base: number | undefined): FileTensor {
  return {
    segments: path.split('/'),
    shape: set.shape,
    dtype: set.dtype,
    ...(set.place && base !== undefined
      ? { bytes: { file, offset: base + set.place.offset, length: set.place.length } }
      : {}),
  };
}
