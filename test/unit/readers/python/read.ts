import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costModel } from '../../../../src/cost';
import {
  DEFAULT_WORKLOAD,
  valueOf,
  type AssumableValue,
  type Assumed,
  type Layer,
  type Model,
} from '../../../../src/model';
import { readPython } from '../../../../src/readers/python';
import type { SourceReadResult } from '../../../../src/readers/types';

export const ROOT = join(__dirname, '../../../..');
export const FIXTURES = join(ROOT, 'test/fixtures/python');

export function assumptions(values: Readonly<Record<string, AssumableValue>> = {}): Map<string, Assumed> {
  return new Map(Object.entries(values).map(([name, value]) => [name, { name, value, from: 'argument' }]));
}

/** Reads a text as the caller would: again with the files that were wanted. */
export function read(
  text: string,
  values: Readonly<Record<string, AssumableValue>> = {},
  file = '/code/model.py',
): SourceReadResult {
  const files = new Map<string, string | undefined>();
  let result = readPython({ file, text }, { assumptions: assumptions(values), files });
  for (let round = 0; round < 4 && result.wanted.length > 0; round++) {
    for (const path of result.wanted)
      files.set(path, existsSync(path) ? readFileSync(path, 'utf8') : undefined);
    result = readPython({ file, text }, { assumptions: assumptions(values), files });
  }
  return result;
}

export function readFixture(
  name: string,
  values: Readonly<Record<string, AssumableValue>> = {},
): SourceReadResult {
  const path = join(FIXTURES, name);
  return read(readFileSync(path, 'utf8'), values, path);
}

/** Total and trainable parameters; undefined when unknown. */
export function totals(model: Model): { total: number | undefined; trainable: number | undefined } {
  const { params } = costModel(model, DEFAULT_WORKLOAD);
  return { total: params && valueOf(params.total), trainable: params && valueOf(params.trainable) };
}

export function modelNamed(result: SourceReadResult, name: string): Model {
  const model = result.models.find((m) => m.name === name);
  if (!model) throw new Error(`no model ${name} among ${result.models.map((m) => m.name).join(', ')}`);
  return model;
}

export function layerAt(model: Model, path: string): Layer {
  const layer = model.layers.find((l) => l.path === path);
  if (!layer) throw new Error(`no layer ${path} among ${model.layers.map((l) => l.path).join(', ')}`);
  return layer;
}

/** The body of a module class with this `__init__`. */
export function moduleOf(init: string, forward = ''): string {
  const indent = (text: string) =>
    text
      .split('\n')
      .map((l) => `        ${l}`)
      .join('\n');
  return `import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n${indent(init)}\n${forward && `    def forward(self, x):\n${indent(forward)}\n`}`;
}
