import { containerKind } from './containers';
import { LAYERS } from './layers';
import { RECURRENT } from './recurrent';
import { WEIGHTLESS } from './weightless';

const ROOTS = new Set([
  'torch',
  'pytorch_lightning',
  'lightning',
  'pytorch_lightning.core',
  'allennlp_torch',
]);

export function owns(name: string): boolean {
  const root = name.includes('.') ? name.slice(0, name.indexOf('.')) : name;
  return ROOTS.has(root);
}

/** `torch.nn.modules.rnn.LSTM` is `torch.nn.LSTM`; `torch.nn.quantizable` and the like stay what they are. */
export function canonical(name: string): string {
  const parts = name.split('.');
  if (parts[0] === 'torch' && parts[1] === 'nn' && parts[2] === 'modules') {
    const last = parts.at(-1)!;
    if (parts.length > 3 && (isLayerName(last) || last === 'Module')) return `torch.nn.${last}`;
    if (parts.length > 3 && parts[3] === 'module') return name;
  }
  if (parts[0] === 'torch' && parts[1] === 'nn' && parts[2] === 'parameter' && parts[3] === 'Parameter')
    return 'torch.nn.Parameter';
  if (
    parts[0] === 'torch' &&
    parts[1] === 'nn' &&
    parts[2] === 'parameter' &&
    parts[3] === 'UninitializedParameter'
  )
    return 'torch.nn.UninitializedParameter';
  return name;
}

export function isLayerName(name: string): boolean {
  return name in LAYERS || name in RECURRENT || WEIGHTLESS.has(name) || containerKind(name) !== undefined;
}

const MODULE_BASES = new Set([
  'torch.nn.Module',
  'torch.jit.ScriptModule',
  'pytorch_lightning.LightningModule',
  'lightning.LightningModule',
  'lightning.pytorch.LightningModule',
  'pytorch_lightning.core.LightningModule',
  'pytorch_lightning.core.lightning.LightningModule',
]);

/** Is a subclass of this a module? */
export function isModuleBase(name: string): boolean {
  if (MODULE_BASES.has(name)) return true;
  return (
    name.startsWith('torch.nn.') &&
    !name.includes('.utils.') &&
    /^\p{Lu}/u.test(name.slice(name.lastIndexOf('.') + 1)) &&
    name !== 'torch.nn.Parameter'
  );
}

/** The class name of a plain `torch.nn` class. */
export function layerName(name: string): string | undefined {
  return /^torch\.nn\.[A-Z]\w*$/.test(name) ? name.slice('torch.nn.'.length) : undefined;
}

/** What `from torch.nn import *` brings. */
export function exportsOf(module: string): readonly string[] | undefined {
  if (module === 'torch.nn' || module === 'torch.nn.modules') {
    return [
      'Module',
      'Parameter',
      'Sequential',
      'ModuleList',
      'ModuleDict',
      'ParameterList',
      'ParameterDict',
      'functional',
      'init',
      'utils',
      'Transformer',
      'TransformerEncoder',
      'TransformerDecoder',
      ...Object.keys(LAYERS),
      ...Object.keys(RECURRENT),
      ...WEIGHTLESS.keys(),
    ];
  }
  if (module === 'torch') return ['nn', 'optim', 'Tensor', 'tensor', 'zeros', 'ones', 'cat', 'stack'];
  return module.startsWith('torch') ? [] : undefined;
}
