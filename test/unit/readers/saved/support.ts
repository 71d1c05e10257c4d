import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { costModel } from '../../../../src/cost';
import { DEFAULT_WORKLOAD, type Layer, type Model, type StoredTensor, valueOf } from '../../../../src/model';
import { type ByteSource, memorySource } from '../../../../src/readers/bytes';
import type { SavedReaderContext } from '../../../../src/readers/saved';

const ROOT = fileURLToPath(new URL('../../../fixtures/saved/', import.meta.url));

export function fixturePath(path: string): string {
  return ROOT + path;
}

export async function fixture(path: string): Promise<ByteSource> {
  return memorySource(path, new Uint8Array(await readFile(ROOT + path)));
}

export function fixtureJson<T>(path: string): T {
  return JSON.parse(readFileSync(ROOT + path, 'utf8')) as T;
}

/** A context whose siblings are the fixtures beside `path`. */
export function contextFor(path: string): SavedReaderContext {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return { file: path, sibling: (name) => fixture(folder + name).catch(() => undefined) };
}

/** What the file itself holds: the product of every counted tensor's shape, tied ones once; the costs must say the same. */
export function storedCount(model: Model, only: 'all' | 'trainable' = 'all'): number {
  const total = model.layers.reduce((sum, layer) => sum + storedCountOf(layer, only), 0);
  const { params } = costModel(model, DEFAULT_WORKLOAD);
  assert.equal(valueOf(params![only === 'all' ? 'total' : 'trainable']), total, `costs of ${model.name}`);
  return total;
}

/** The stored tensor called `name` of the layer at `path`. */
export function storedTensor(model: Model, path: string, name: string): StoredTensor {
  const tensor = model.layers.find((l) => l.path === path)?.stored?.find((t) => t.name === name);
  assert.ok(tensor, `${path} ${name}`);
  return tensor;
}

function storedCountOf(layer: Layer, only: 'all' | 'trainable'): number {
  return (layer.stored ?? [])
    .filter((t) => t.counted !== false && !Object.hasOwn(layer.tied ?? {}, t.name))
    .filter((t) => only === 'all' || t.trainable)
    .reduce((sum, t) => sum + t.shape.reduce((n, d) => n * d, 1), 0);
}
