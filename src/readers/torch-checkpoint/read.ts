import { type Message, type Model, type Problem, type ReadResult, message } from '../../model';
import { type ByteSource, guarded, pagedSource } from '../bytes';
import type { SavedReaderContext } from '../saved';
import { recoverLayers } from '../state-dict/recover';
import type { NamedTensor } from '../state-dict/tensor';
import { bytesPerValue, valuesIn } from '../weights/dtypes';
import { type OpenedCheckpoint, openLegacyCheckpoint, openZipCheckpoint } from './containers';
import { isDangerous } from './dangerous';
import { type FoundStateDict, type FoundTensor, findStateDicts } from './state-dicts';
import type { PyGlobal, PyStorage, PyTensor } from './values';

export const FORMAT = 'pytorch-checkpoint';

/** Above this many storages only the first get their place in the file looked up. */
const MAX_LOCATED = 20_000;

/**
 * Reads a PyTorch checkpoint (`.pt`, `.pth`, `.ckpt`, `.bin`; zip or legacy; state dicts, checkpoints that hold some, whole modules, TorchScript).
 * The pickle is followed symbolically: nothing in it is imported or called.
 */
export function readTorchCheckpoint(source: ByteSource, context: SavedReaderContext): Promise<ReadResult> {
  return guarded(FORMAT, context.file, async () => {
    const paged = pagedSource(source);
    const head = await paged.read(0, Math.min(4, paged.size));
    const isZip = head[0] === 0x50 && head[1] === 0x4b;
    const checkpoint = isZip ? await openZipCheckpoint(paged) : await openLegacyCheckpoint(paged);
    const locator = new Locator(checkpoint, context);
    const models: Model[] = [];
    for (const found of findStateDicts(checkpoint.pickle.value, checkpoint.buffers)) {
      models.push(await toModel(found, checkpoint, locator, context));
    }
    const problems = [...warnings(checkpoint.pickle.globals, context.file)];
    if (models.length === 0) {
      problems.push({
        code: 'no-tensors',
        severity: 'info',
        message: message('The checkpoint holds no tensors that belong to a model.'),
        source: { file: context.file },
      });
    }
    return { format: FORMAT, models, problems };
  });
}

function warnings(globals: readonly PyGlobal[], file: string): Problem[] {
  return globals.filter(isDangerous).map((global) => ({
    code: 'dangerous-pickle',
    severity: 'warning',
    message: message(
      'Loading this file with torch.load would call {0}. It was not called here.',
      global.path,
    ),
    source: { file },
  }));
}

async function toModel(
  found: FoundStateDict,
  checkpoint: OpenedCheckpoint,
  locator: Locator,
  context: SavedReaderContext,
): Promise<Model> {
  const tensors: NamedTensor[] = [];
  for (const [name, tensor] of found.tensors) tensors.push(await locator.named(name, tensor));
  for (const [name, what] of found.unread) {
    tensors.push({
      name,
      shape: [],
      dtype: 'float32',
      invalid: message('Its values are kept in a form this reader lacks ({0}).', what),
    });
  }
  const callsUnknown: Message = checkpoint.torchScript
    ? message('How TorchScript code uses its layers is not read.')
    : message('A checkpoint holds weights, not the forward pass that uses them.');
  const options = { file: context.file, framework: 'pytorch' as const, callsUnknown };
  return {
    name: found.name === '' ? baseName(context.file) : found.name,
    framework: 'pytorch',
    source: found.name === '' ? { file: context.file } : { file: context.file, member: found.name },
    form: 'saved',
    layers: recoverLayers(tensors, options, found.hints),
    unknowns: [],
    assumed: [],
  };
}

/** Finds tensors' bytes, and checks what tensors claim against what the file holds. */
class Locator {
  private readonly storages = new Map<string, Promise<{ offset: number; length: number } | undefined>>();

  constructor(
    private readonly checkpoint: OpenedCheckpoint,
    private readonly context: SavedReaderContext,
  ) {}

  async named(name: string, { tensor, buffer }: FoundTensor): Promise<NamedTensor> {
    const common = {
      name,
      shape: tensor.shape,
      dtype: tensor.dtype,
      ...(buffer === undefined ? {} : { buffer }),
      ...(tensor.isParameter && !tensor.requiresGrad ? { frozen: true } : {}),
    };
    const { storage } = tensor;
    if (!storage) return common;
    const size = bytesPerValue(tensor.dtype);
    const place = await this.locate(storage);
    const count = valuesIn(tensor.shape);
    if (count === undefined || lastIndex(tensor) >= storage.count) {
      return { ...common, invalid: message('It claims more values than its storage holds.') };
    }
    const share = `${storage.key}:${tensor.offset}:${tensor.shape.join(',')}:${tensor.stride.join(',')}`;
    if (!place || size === undefined) return count > 0 ? { ...common, share } : common;
    if ((lastIndex(tensor) + 1) * size > place.length) {
      return { ...common, invalid: message('It claims more values than its storage holds.') };
    }
    const bytes = isContiguous(tensor)
      ? { file: this.context.file, offset: place.offset + tensor.offset * size, length: count * size }
      : undefined;
    return { ...common, ...(count > 0 ? { share } : {}), ...(bytes ? { bytes } : {}) };
  }

  private locate(storage: PyStorage) {
    let place = this.storages.get(storage.key);
    if (!place) {
      place = this.storages.size < MAX_LOCATED ? this.checkpoint.locate(storage) : Promise.resolve(undefined);
      this.storages.set(storage.key, place);
    }
    return place;
  }
}

/** The highest place in its storage that a tensor touches, in elements; −1 for an empty one. */
function lastIndex(tensor: PyTensor): number {
  if (tensor.shape.includes(0)) return -1;
  return tensor.shape.reduce((at, size, axis) => at + (size - 1) * (tensor.stride[axis] ?? 0), tensor.offset);
}

function isContiguous(tensor: PyTensor): boolean {
  let expected = 1;
  for (let axis = tensor.shape.length - 1; axis >= 0; axis--) {
    if (tensor.shape[axis] !== 1 && tensor.stride[axis] !== expected) return false;
    expected *= tensor.shape[axis]!;
  }
  return true;
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
