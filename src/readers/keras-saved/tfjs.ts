import {
  type BytePlace,
  type Message,
  type Problem,
  type ReadResult,
  type SourceRef,
  type StoredTensor,
  message,
} from '../../model';
import { type Json, field, integers, isObject } from '../bytes';
import type { SavedReaderContext } from '../saved';
import { recoverLayers } from '../state-dict/recover';
import type { NamedTensor } from '../state-dict/tensor';
import { bytesPerValue, valuesIn } from '../weights/dtypes';
import { type FileTensor, attachWeights } from './attach';
import { buildConfig, nameOf, savedModel } from './config-model';
import { unsettledProblems } from './read-hdf5';
import { unitsOf } from './units';

const MAX_WEIGHTS = 200_000;

/** A tf.js `model.json`, of either kind. */
export function isTfjs(json: Json): boolean {
  return isObject(field(json, 'modelTopology'));
}

/** Reads a tf.js `model.json`: the layers format through its Keras configuration; of the graph format the weights alone. */
export async function readTfjsJson(
  json: Json,
  sourceOf: (part: object) => SourceRef,
  context: SavedReaderContext,
): Promise<ReadResult> {
  const topology = field(json, 'modelTopology');
  const manifest = await readManifest(field(json, 'weightsManifest'), context);
  if (Array.isArray(field(topology, 'node'))) return graphFormat(topology, manifest.tensors, context);
  const config = field(topology, 'model_config') ?? topology;
  const built = buildConfig(config, 'tfjs', sourceOf);
  if (!built) {
    const problem = notRead(
      message('Not read, because this JSON describes no Keras or TensorFlow.js model.'),
      context,
    );
    return { format: 'tfjs-layers', models: [], problems: [problem] };
  }
  const attached = attachWeights(built.layers, unitsOf(config), (unit) => {
    const found: FileTensor[] = [];
    for (const [name, tensor] of manifest.tensors) {
      const segments = name.split('/');
      if (unit.names.every((n) => segments.includes(n))) found.push({ ...tensor, segments });
    }
    return found;
  });
  return {
    format: 'tfjs-layers',
    models: [
      savedModel(
        nameOf(config, context.file),
        'tfjs',
        { file: context.file },
        attached.layers,
        built.unknowns,
      ),
    ],
    problems: [
      ...built.problems,
      ...manifest.problems,
      ...unsettledProblems(attached.unsettled, context.file),
    ],
  };
}

/** `weightsManifest`: groups of files that hold, one after the other, the values of a list of tensors. */
async function readManifest(manifest: Json, context: SavedReaderContext) {
  const tensors = new Map<string, FileTensor>();
  const problems: Problem[] = [];
  for (const group of Array.isArray(manifest) ? (manifest as Json[]) : []) {
    const weights = field(group, 'weights');
    const paths = field(group, 'paths');
    const shards = await shardsOf(Array.isArray(paths) ? (paths as Json[]) : [], context);
    let at: number | undefined = 0;
    for (const weight of Array.isArray(weights) ? (weights as Json[]) : []) {
      if (tensors.size >= MAX_WEIGHTS) return { tensors, problems };
      const name = field(weight, 'name');
      const shape = integers(field(weight, 'shape'));
      const declared = field(weight, 'dtype');
      if (
        typeof name !== 'string' ||
        !shape ||
        typeof declared !== 'string' ||
        valuesIn(shape) === undefined
      ) {
        problems.push(notRead(message('The weights manifest has an entry that cannot be read.'), context));
        at = undefined;
        continue;
      }
      const quantised = field(field(weight, 'quantization'), 'dtype');
      const stored = typeof quantised === 'string' ? quantised : declared;
      const size = bytesPerValue(stored);
      const length: number | undefined = size === undefined ? undefined : valuesIn(shape)! * size;
      const bytes =
        at === undefined || length === undefined || stored !== declared
          ? undefined
          : placeIn(shards, at, length);
      tensors.set(name, { segments: [], shape, dtype: declared, ...(bytes ? { bytes } : {}) });
      at = at === undefined || length === undefined ? undefined : at + length;
    }
  }
  return { tensors, problems };
}

interface Shard {
  readonly file: string;
  readonly start: number;
  readonly size: number;
}

/** The files of a group with where each starts; what follows a missing one has no known place. */
async function shardsOf(paths: readonly Json[], context: SavedReaderContext): Promise<Shard[]> {
  const shards: Shard[] = [];
  let start = 0;
  for (const path of paths.slice(0, 10_000)) {
    const source = typeof path === 'string' ? await context.sibling?.(path) : undefined;
    if (!source || typeof path !== 'string') break;
    shards.push({ file: path, start, size: source.size });
    start += source.size;
  }
  return shards;
}

/** Where a tensor lies: TensorFlow.js cuts its files at a size, without regard for tensors. Undefined when a file is missing. */
function placeIn(shards: readonly Shard[], at: number, length: number): StoredTensor['bytes'] {
  const pieces = shards.flatMap(({ file, start, size }): BytePlace[] => {
    const [from, to] = [Math.max(at, start), Math.min(at + length, start + size)];
    return to > from ? [{ file, offset: from - start, length: to - from }] : [];
  });
  const [first, ...more] = pieces;
  if (!first || pieces.reduce((sum, p) => sum + p.length, 0) !== length) return undefined;
  return { ...first, ...(more.length > 0 ? { more } : {}) };
}

function graphFormat(
  topology: Json,
  tensors: ReadonlyMap<string, FileTensor>,
  context: SavedReaderContext,
): ReadResult {
  const named: NamedTensor[] = [...tensors].map(([name, t]) => ({
    // One parameter per constant: a frozen graph's names say nothing reliable about layers.
    name: name.replaceAll('.', '_'),
    shape: t.shape,
    dtype: t.dtype,
    ...(t.bytes ? { bytes: t.bytes } : {}),
  }));
  const why = message('The graph of a TensorFlow.js graph model is not followed.');
  const layers = recoverLayers(named, { file: context.file, framework: 'tfjs', callsUnknown: why });
  const ops = new Set((field(topology, 'node') as Json[]).map((node) => field(node, 'op')));
  const recurrent = [...RECURRENT_OPS].filter((op) => ops.has(op));
  const text: Message =
    recurrent.length > 0
      ? message(
          'Recurrent layers not read, because this is a graph model: they were compiled into {0}. Its weights are counted; convert the original to the layers format to see its layers.',
          recurrent.join(', '),
        )
      : message(
          'Layers not read, because this is a graph model: they were compiled away. Its weights are counted; convert the original to the layers format to see its layers.',
        );
  return {
    format: 'tfjs-graph',
    models:
      layers.length > 0
        ? [
            savedModel(
              context.file.slice(context.file.lastIndexOf('/') + 1),
              'tfjs',
              { file: context.file },
              layers,
            ),
          ]
        : [],
    problems: [{ ...notRead(text, context), severity: 'info' }],
  };
}

const RECURRENT_OPS = new Set([
  'LSTMBlockCell',
  'BlockLSTM',
  'BlockLSTMV2',
  'GRUBlockCell',
  'CudnnRNN',
  'CudnnRNNV3',
  'TensorListReserve',
  'While',
  'StatelessWhile',
  'LoopCond',
]);

function notRead(text: Message, context: SavedReaderContext): Problem {
  return { code: 'not-read', severity: 'warning', message: text, source: { file: context.file } };
}
