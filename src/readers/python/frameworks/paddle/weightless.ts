import { WEIGHTLESS as TORCH, type Weightless } from '../pytorch/weightless';

/** PyTorch's classes without weights, under Paddle's spelling (`MaxPool1D`); newer releases know both. */
const UNLIKE = new Set(['Softmax2d', 'AdaptiveLogSoftmaxWithLoss', 'Upsample']);
const ONLY_HERE: readonly (readonly [name: string, like: string])[] = [
  ['Silu', 'SiLU'],
  ['Swish', 'SiLU'],
  ['ThresholdedReLU', 'ReLU'],
];

export const WEIGHTLESS: ReadonlyMap<string, Weightless> = new Map<string, Weightless>([
  ...[...TORCH].filter(([name]) => !UNLIKE.has(name)),
  ...[...TORCH].map(([name, entry]): [string, Weightless] => [name.replace(/(\d)d$/, '$1D'), entry]),
  ...ONLY_HERE.map(([name, like]): [string, Weightless] => [name, TORCH.get(like)!]),
]);
