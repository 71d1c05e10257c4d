import { applyEdits, isRefusal, settle } from '../../../../src/edits';
import { analyseSource } from '../../../../src/engine/analyse';
import { findingsIn } from '../../../../src/engine/findings';
import { DEFAULT_WORKLOAD, formatMessage } from '../../../../src/model';

export interface Found {
  readonly rule: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** The file after the fix, where there is one. */
  readonly fixed: string | undefined;
}

/** What the rules say about a Python file, as a person would see it. */
export async function check(text: string, file = 'model.py'): Promise<readonly Found[]> {
  const analysis = await analyseSource(
    { file, text },
    { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
  );
  return findingsIn(analysis, { file, text }).map(({ rule, source, message, fix }) => {
    const change = fix && settle({ file, text }, fix);
    return {
      rule,
      line: (source.range?.start.line ?? -1) + 1,
      message: formatMessage(message),
      fixed: change && !isRefusal(change) ? applyEdits(text, change.edits) : undefined,
    };
  });
}

/** The rules that speak. */
export async function rulesOn(text: string): Promise<readonly string[]> {
  return (await check(text)).map((f) => f.rule);
}

/** A PyTorch module around the lines of its `__init__` and `forward`. */
export function torchModule(init: string, forward: string, below = ''): string {
  const block = (lines: string) =>
    lines
      .trim()
      .split('\n')
      .map((l) => `        ${l}\n`)
      .join('');
  return `import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, hidden=8):
        super().__init__()
${block(init)}
    def forward(self, x):
${block(forward)}${below === '' ? '' : `\n\n${below.trim()}\n`}`;
}

/** A sequential Keras model of these layers, over 200 steps of 4 features. */
export function kerasModel(layers: string, below = ''): string {
  return `import keras
from keras import layers

model = keras.Sequential([keras.Input((200, 4)), ${layers}])
${below}`;
}
