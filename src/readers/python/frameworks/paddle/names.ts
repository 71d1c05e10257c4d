import type { TorchData } from '../pytorch/layer';
import { LAYERS } from './layers';
import { RECURRENT } from './recurrent';
import { WEIGHTLESS } from './weightless';

export function owns(name: string): boolean {
  return name === 'paddle' || name.startsWith('paddle.');
}

/** `paddle.nn.layer.rnn.LSTM` is `paddle.nn.LSTM`. */
export function canonical(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return name.startsWith('paddle.nn.layer.') && /^\p{Lu}/u.test(last) ? `paddle.nn.${last}` : name;
}

const BASES = new Set(['paddle.nn.Layer', 'paddle.nn.Module', 'paddle.nn.RNNCellBase']);

export function isBase(name: string): boolean {
  return BASES.has(name) || layerName(name) !== undefined;
}

export function layerName(name: string): string | undefined {
  return /^paddle\.nn\.[A-Z]\w*$/.test(name) ? name.slice('paddle.nn.'.length) : undefined;
}

const CONTAINERS: Readonly<Record<string, TorchData['container']>> = {
  Sequential: 'sequential',
  LayerList: 'list',
  LayerDict: 'dict',
  ParameterList: 'parameters',
  // Names that it took over from PyTorch.
  ModuleList: 'list',
  ModuleDict: 'dict',
};

export function containerKind(layer: string): TorchData['container'] {
  return CONTAINERS[layer];
}

export function exportsOf(module: string): readonly string[] | undefined {
  if (module !== 'paddle.nn') return module.startsWith('paddle') ? [] : undefined;
  return [
    'Layer',
    'RNN',
    'BiRNN',
    'RNNCellBase',
    'functional',
    'initializer',
    ...Object.keys(CONTAINERS),
    ...Object.keys(LAYERS),
    ...Object.keys(RECURRENT),
    ...WEIGHTLESS.keys(),
  ];
}
