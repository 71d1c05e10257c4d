import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Dim, type Framework, type Layer, constant } from '../../../src/model';

/** One layer as a real framework reported it; common.py describes the fields. */
export interface GoldenRow {
  readonly config: Readonly<Record<string, unknown>> & { readonly kind: string };
  readonly tensors: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly frozen?: readonly string[];
  readonly buffers?: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly total: number;
  readonly trainable: number;
  readonly input?: readonly number[];
  readonly output?: readonly number[];
}

export interface GoldenFile {
  readonly framework: Framework;
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly rows: readonly GoldenRow[];
}

const FOLDER = __dirname;

/** Every golden file, by name. */
export function goldenFiles(): readonly (readonly [name: string, file: GoldenFile])[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as GoldenFile]);
}

/** Fields of a layer that are no sizes. */
const PLAIN = new Set([
  'kind',
  'path',
  'typeName',
  'mergeMode',
  'returnSequences',
  'trackStatistics',
  'frozen',
  'channelsFirst',
  'weightNorm',
]);

/** Fields only the golden scripts use. */
const SCRIPT_ONLY = new Set(['rank', 'unbatched', 'lengths']);

/** The layer description that stands for a golden configuration. */
export function layerOf(framework: Framework, config: GoldenRow['config']): Layer {
  const layer: Record<string, unknown> = {
    path: 'layer',
    typeName: config.kind,
    framework,
    source: { file: 'golden' },
    numLayers: constant(1),
    directions: constant(1),
  };
  for (const [key, value] of Object.entries(config)) {
    if (SCRIPT_ONLY.has(key)) continue;
    layer[key] = PLAIN.has(key) || typeof value === 'string' ? value : toDim(value);
  }
  return layer as unknown as Layer;
}

function toDim(value: unknown): Dim | readonly Dim[] {
  if (Array.isArray(value)) return value.map((v: number) => constant(v));
  return constant(value as number);
}
