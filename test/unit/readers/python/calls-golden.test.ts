import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { add, isRecurrent, mul, substitute, valueOf, type Layer } from '../../../../src/model';
import { modelNamed, read, ROOT } from './read';

const golden = JSON.parse(readFileSync(join(ROOT, 'test/golden/python_calls_torch.json'), 'utf8')) as {
  sizes: Record<'steps' | 'batch' | 'input_height' | 'input_width', number>;
  files: Record<string, { class: string; given: Record<string, number> }>;
};
const { steps, batch, ...image } = golden.sizes;
const sizes = new Map([['$T', steps], ['$B', batch], ...Object.entries(image)]);

/** How many values the layer is given in one forward pass. */
function given(layer: Layer): number | undefined {
  if (!layer.calls) return undefined;
  const counts = layer.calls.map((call) => mul(call.times, ...(call.inputs[0] ?? [])));
  return valueOf(substitute(add(...counts), sizes));
}

/** Where PyTorch was asked: a cell written by hand gets what the first of its linear layers gets. */
function asked(layer: Layer): string {
  return isRecurrent(layer) && layer.byHand ? layer.byHand.parts[0]! : layer.path;
}

describe('Python source: what PyTorch gives each layer in a forward pass', () => {
  for (const [file, expected] of Object.entries(golden.files)) {
    it(file, () => {
      const path = join(ROOT, 'examples/pytorch', file);
      const model = modelNamed(read(readFileSync(path, 'utf8'), {}, path), expected.class);
      assert.deepEqual(
        Object.fromEntries(model.layers.map((l) => [l.path, given(l)])),
        Object.fromEntries(model.layers.map((l) => [l.path, expected.given[asked(l)]])),
      );
      assert.ok(model.layers.length >= 3);
    });
  }
});
