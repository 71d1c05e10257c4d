import { message, mul, valueOf, type Shape } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, builtin, str, tuple } from '../../evaluate/make';
import {
  NONE,
  type Arguments,
  type InstanceValue,
  type LayerDraft,
  type ObjectValue,
  type TensorValue,
  type Value,
} from '../../evaluate/values';
import { children } from './containers';
import { isParameter } from './layer';
import { saveHyperparameters } from './lightning';
import { infoOf, type TensorInfo } from './shapes';

/** `nn.Parameter(torch.zeros(…), requires_grad=True)` */
export function makeParameter(args: Arguments, host: Host, type = 'torch.nn.Parameter'): Value {
  const given = args.positional[0]?.value ?? args.keywords.get('data')?.value;
  const shape =
    given?.kind === 'tensor'
      ? given.shape
      : given?.kind === 'object' && given.draft?.kind === 'parameter'
        ? given.draft.shape
        : undefined;
  const draft: LayerDraft = shape
    ? { kind: 'parameter', typeName: 'Parameter', shape }
    : {
        kind: 'unknown',
        typeName: 'Parameter',
        reason:
          (given?.kind === 'unknown' ? given.reason : given?.kind === 'tensor' ? given.why : undefined) ??
          message('The shape of this parameter is not known.'),
        dependsOn: given ? host.rootsOf(given).map((u) => host.symbolFor(u)) : [],
      };
  const object = host.object('pytorch', type, args.site, draft, {});
  const grad = args.positional[1]?.value ?? args.keywords.get('requires_grad')?.value;
  if (grad && host.truth(grad) === false) object.names.set('%frozen', NONE);
  return object;
}

/** Every weight of a module, as tensors that remember whose they are. */
export function parametersOf(module: Value, host: Host): { name: string; tensor: Value }[] {
  const found: { name: string; tensor: Value }[] = [];
  const seen = new Set<Value>();
  const visit = (value: Value, path: string): void => {
    if (seen.has(value) || found.length > 2000) return;
    if (value.kind === 'repeat') return visit(value.value, path);
    if (value.kind === 'union') {
      for (const option of value.options) visit(option, path);
      return;
    }
    if (value.kind !== 'object' && value.kind !== 'instance') return;
    seen.add(value);
    if (value.kind === 'instance') {
      if (value.native) visit(value.native, path);
      for (const [name, child] of value.names)
        if (!name.startsWith('%')) visit(child, path === '' ? name : `${path}.${name}`);
      return;
    }
    if (value.plugin !== 'pytorch') return;
    if (value.draft) {
      if (isParameter(value)) found.push({ name: path, tensor: value });
      else
        for (const tensor of tensorNames(value.draft))
          found.push({ name: path === '' ? tensor : `${path}.${tensor}`, tensor: ownTensor(value, tensor) });
    } else {
      for (const child of children(value))
        visit(child, path === '' ? keyOf(value, child) : `${path}.${keyOf(value, child)}`);
    }
  };
  visit(module, '');
  void host;
  return found;
}

function keyOf(container: ObjectValue, child: Value): string {
  for (const [name, value] of container.names) if (value === child) return name;
  return '';
}

/** The names PyTorch gives a layer's weights; `*` stands for those that depend on unknown sizes. */
export function tensorNames(draft: LayerDraft): string[] {
  switch (draft.kind) {
    case 'rnn':
    case 'lstm':
    case 'gru': {
      const [layers, directions, bias] = [
        valueOf(draft.numLayers),
        valueOf(draft.directions),
        valueOf(draft.bias),
      ];
      if (layers === undefined || directions === undefined || bias === undefined || layers > 64) return ['*'];
      const names: string[] = [];
      for (let l = 0; l < layers; l++) {
        for (const suffix of directions === 2 ? ['', '_reverse'] : ['']) {
          names.push(`weight_ih_l${l}${suffix}`, `weight_hh_l${l}${suffix}`);
          if (bias) names.push(`bias_ih_l${l}${suffix}`, `bias_hh_l${l}${suffix}`);
          if (draft.projSize && valueOf(draft.projSize) !== 0) names.push(`weight_hr_l${l}${suffix}`);
        }
      }
      return names;
    }
    case 'rnn-cell':
    case 'lstm-cell':
    case 'gru-cell':
      return ['weight_ih', 'weight_hh', ...(valueOf(draft.bias) === 0 ? [] : ['bias_ih', 'bias_hh'])];
    case 'embedding':
      return ['weight'];
    case 'dense':
    case 'conv':
    case 'conv-transpose':
      return ['weight', ...(valueOf(draft.bias) === 0 ? [] : ['bias'])];
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return [
        ...(valueOf(draft.scale) === 0 ? [] : ['weight']),
        ...(valueOf(draft.offset) === 0 ? [] : ['bias']),
      ];
    case 'activation':
    case 'dropout':
    case 'pooling':
    case 'reshape':
    case 'merge':
    case 'input':
    case 'preprocessing':
    case 'other':
      return [];
    default:
      return ['*'];
  }
}

/** `layer.weight` as a tensor of its shape. */
export function ownTensor(owner: ObjectValue, tensor: string): TensorValue {
  const shape = owner.draft && tensorShape(owner.draft, tensor);
  return {
    kind: 'tensor',
    ...(shape && { shape }),
    data: { owner, tensor, parameter: true } satisfies TensorInfo,
  };
}

export function tensorShape(draft: LayerDraft, tensor: string): Shape | undefined {
  if (draft.kind === 'dense' && !draft.secondInputSize)
    return tensor === 'weight'
      ? [draft.outputSize, draft.inputSize]
      : tensor === 'bias'
        ? [draft.outputSize]
        : undefined;
  if (draft.kind === 'embedding' && tensor === 'weight') return [draft.vocabularySize, draft.embeddingSize];
  if (draft.kind in GATES) return recurrentShape(draft as RecurrentDraft, tensor);
  if ('scale' in draft && 'features' in draft) return [draft.features];
  if (draft.kind === 'conv' && tensor === 'bias') return [draft.outputChannels];
  return undefined;
}

type RecurrentDraft = Extract<LayerDraft, { readonly kind: keyof typeof GATES }>;

const GATES = { rnn: 1, 'rnn-cell': 1, gru: 3, 'gru-cell': 3, lstm: 4, 'lstm-cell': 4 } as const;

/** `weight_hh_l1_reverse`: gates side by side along the first axis. */
function recurrentShape(draft: RecurrentDraft, tensor: string): Shape | undefined {
  const { hiddenSize, inputSize, directions, projSize } = draft;
  const rows = mul(GATES[draft.kind], hiddenSize);
  const fedBack = projSize && valueOf(projSize) !== 0 ? projSize : hiddenSize;
  if (tensor.startsWith('weight_ih'))
    return [rows, /_l0|ih$/.test(tensor) ? inputSize : mul(directions, fedBack)];
  if (tensor.startsWith('weight_hh')) return [rows, fedBack];
  if (tensor.startsWith('weight_hr')) return projSize && [projSize, hiddenSize];
  return tensor.startsWith('bias') ? [rows] : undefined;
}

/** Marks a layer, or one tensor of it, as frozen or trainable again. */
export function setGradient(owner: ObjectValue, tensor: string | undefined, on: boolean, host: Host): void {
  const all = tensor === undefined || tensor === '*' || isParameter(owner);
  const key = all ? '%frozen' : `%frozen:${tensor}`;
  if (on) {
    host.deleteName(owner.names, key);
    if (all)
      for (const name of [...owner.names.keys()])
        if (name.startsWith('%frozen')) host.deleteName(owner.names, name);
  } else host.setName(owner.names, key, NONE);
}

/** `weight.requires_grad` and `weight.requires_grad_(False)` of a layer's tensor, or of a parameter of its own. */
export function gradientAttribute(
  self: ObjectValue | TensorValue,
  name: string,
  host: Host,
): Value | undefined {
  const { owner, tensor } =
    self.kind === 'object'
      ? { owner: isParameter(self) ? self : undefined, tensor: undefined }
      : infoOf(self);
  if (name === 'requires_grad' && (owner || self.kind === 'tensor'))
    return bool(owner !== undefined && !owner.names.has('%frozen') && !owner.names.has(`%frozen:${tensor}`));
  if (name !== 'requires_grad_' || !owner) return undefined;
  return builtin(name, (args) => {
    setGradient(owner, tensor, isOn(args, host), host);
    return self;
  });
}

/** The argument of `requires_grad_`, which is true when it is not given. */
function isOn(args: Arguments, host: Host): boolean {
  const value = args.positional[0]?.value ?? args.keywords.get('requires_grad')?.value;
  return value === undefined || host.truth(value) !== false;
}

export function freezeAll(module: Value, on: boolean, host: Host): void {
  for (const { tensor } of parametersOf(module, host)) {
    if (tensor.kind === 'object') setGradient(tensor, undefined, on, host);
    else if (tensor.kind === 'tensor') {
      const { owner, tensor: name } = infoOf(tensor);
      if (owner) setGradient(owner, name, on, host);
    }
  }
}

/** `self.parameters()`, `self.add_module(…)` and what else every module has. */
export function moduleAttribute(
  self: InstanceValue | ObjectValue,
  name: string,
  host: Host,
): Value | undefined {
  const method = (run: (args: Arguments) => Value | void): Value =>
    builtin(name, (args) => run(args) ?? NONE);
  const text = (args: Arguments, i: number): string | undefined => {
    const value = args.positional[i]?.value ?? args.keywords.get('name')?.value;
    return value?.kind === 'str' ? value.value : undefined;
  };
  const set = (args: Arguments): void => {
    const value =
      args.positional[1]?.value ??
      args.keywords.get('module')?.value ??
      args.keywords.get('param')?.value ??
      NONE;
    const key = text(args, 0);
    const given = args.positional[0] ?? args.keywords.get('name');
    if (key !== undefined) host.setName(self.names, key, value);
    else if (given) host.setUnnamed(self, given.site, value);
  };
  switch (name) {
    case 'add_module':
    case 'register_module':
    case 'register_parameter':
      return method(set);
    case 'register_buffer':
      return method((args) => {
        const key = text(args, 0);
        const value = args.positional[1]?.value ?? args.keywords.get('tensor')?.value ?? NONE;
        // A buffer is no parameter, whatever it was made of.
        if (key !== undefined)
          host.setName(
            self.names,
            key,
            value.kind === 'object'
              ? host.tensor(value.draft?.kind === 'parameter' ? value.draft.shape : undefined)
              : value,
          );
      });
    case 'parameters':
      return method(() => ({ kind: 'list', items: parametersOf(self, host).map((p) => p.tensor) }));
    case 'named_parameters':
      return method(() => ({
        kind: 'list',
        items: parametersOf(self, host).map((p) => tuple([str(p.name), p.tensor])),
      }));
    case 'requires_grad_':
      return method((args) => {
        freezeAll(self, isOn(args, host), host);
        return self;
      });
    case 'children':
      return method(() => ({
        kind: 'list',
        items:
          self.kind === 'object' ? children(self) : [...self.names.values()].filter((v) => isModule(v, host)),
      }));
    case 'named_children':
      return method(() => ({
        kind: 'list',
        items: [...self.names].filter(([, v]) => isModule(v, host)).map(([k, v]) => tuple([str(k), v])),
      }));
    case 'modules':
      return method(() => ({ kind: 'list', items: modulesOf(self, host) }));
    case '_modules':
      return {
        kind: 'dict',
        entries: new Map([...self.names].filter(([, v]) => isModule(v, host)).map(([k, v]) => [`s:${k}`, v])),
        of: self.names,
      };
    case 'to':
    case 'cuda':
    case 'cpu':
    case 'float':
    case 'half':
    case 'double':
    case 'train':
    case 'eval':
    case 'share_memory':
    case 'type':
    case 'bfloat16':
      return method(() => self);
    case 'apply':
      return method((args) => {
        const visit = args.positional[0];
        if (!visit) return self;
        // As PyTorch does it: children first.
        for (const module of modulesOf(self, host).reverse())
          host.call(visit.value, {
            positional: [{ value: module, site: visit.site }],
            keywords: new Map(),
            site: args.site,
          });
        return self;
      });
    case 'training':
      return host.unknown(message('Whether the model trains or evaluates.'), 'training', undefined, {
        flag: true,
      });
    case 'save_hyperparameters':
      return self.kind === 'instance' ? method((args) => saveHyperparameters(self, args, host)) : undefined;
    case 'zero_grad':
    case 'load_state_dict':
    case 'flatten_parameters':
    case 'reset_parameters':
    case 'register_forward_hook':
    case 'init_weights':
      return method(() => NONE);
    default:
      return undefined;
  }
}

export function isModule(value: Value, host: Host): boolean {
  if (value.kind === 'repeat') return isModule(value.value, host);
  if (value.kind === 'object') return value.plugin === 'pytorch' && !isParameter(value);
  return value.kind === 'instance' && host.isModel(value.cls);
}

function modulesOf(self: Value, host: Host): Value[] {
  const list: Value[] = [];
  const visit = (value: Value): void => {
    if (list.includes(value) || list.length > 500) return;
    if (value.kind === 'repeat') return visit(value.value);
    if (!isModule(value, host)) return;
    list.push(value);
    if (value.kind === 'instance' || value.kind === 'object')
      for (const child of value.names.values()) visit(child);
  };
  visit(self);
  return list;
}
