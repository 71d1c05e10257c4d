import { message } from '../../../../model';
import { bool, float, int, str } from '../../evaluate/make';
import type { Host } from '../../evaluate/host';
import { NONE, type Arguments, type ObjectValue, type Value } from '../../evaluate/values';
import { bind } from '../signature';
import { copyOf } from '../../evaluate/copies';
import type { Interpreter } from '../../evaluate/interpreter';
import { LAYERS } from './layers';
import type { TorchData } from './layer';
import { tensorArgument, unknownShape } from './shapes';

const STACK = [
  'encoder_layer',
  'num_layers',
  ['norm', NONE],
  ['enable_nested_tensor', bool(true)],
  ['mask_check', bool(true)],
] as const;
const DECODER_STACK = ['decoder_layer', 'num_layers', ['norm', NONE]] as const;

/** `nn.TransformerEncoder(layer, n)`: copies of one layer, then a norm. */
export function makeStack(type: string, args: Arguments, host: Host): Value {
  const encoder = type.endsWith('Encoder');
  const read = bind(encoder ? STACK : DECODER_STACK, args, host);
  const layer = read.value(encoder ? 'encoder_layer' : 'decoder_layer') ?? NONE;
  const count = host.dim(read.value('num_layers') ?? NONE);
  return stackOf(type, layer, count, read.value('norm') ?? NONE, args, host);
}

function stackOf(
  type: string,
  layer: Value,
  count: ReturnType<Host['dim']>,
  norm: Value,
  args: Arguments,
  host: Host,
): ObjectValue {
  const layers = host.object('pytorch', 'torch.nn.ModuleList', args.site, undefined, {
    container: 'list',
  } satisfies TorchData);
  const copy = copyOf(host as Interpreter, layer);
  if (count) layers.names.set('0', { kind: 'repeat', value: copy, count });
  else
    layers.names.set(
      '0',
      host.unknown(message('The number of layers is not known.'), 'num_layers', args.site, {
        maybeModule: true,
      }),
    );
  const forward: TorchData['forward'] = (stack, given, h) => {
    let value: Value = given.positional[0]?.value ?? NONE;
    const rest = given.positional.slice(1);
    const child = (stack.names.get('layers') as ObjectValue | undefined)?.names.get('0');
    const run = () =>
      h.call(child?.kind === 'repeat' ? child.value : copy, {
        ...given,
        positional: [{ value, site: given.site }, ...rest],
        keywords: new Map(),
      });
    value = child?.kind === 'repeat' ? h.repeated(child.count, run) : run();
    const last = stack.names.get('norm');
    return last && last.kind !== 'none'
      ? h.call(last, { positional: [{ value, site: given.site }], keywords: new Map(), site: given.site })
      : value;
  };
  const object = host.object('pytorch', type, args.site, undefined, {
    container: 'dict',
    forward,
  } satisfies TorchData);
  object.names.set('layers', layers);
  if (norm.kind !== 'none') object.names.set('norm', norm);
  return object;
}

const TRANSFORMER = [
  ['d_model', int(512)],
  ['nhead', int(8)],
  ['num_encoder_layers', int(6)],
  ['num_decoder_layers', int(6)],
  ['dim_feedforward', int(2048)],
  ['dropout', float(0.1)],
  ['activation', str('relu')],
  ['custom_encoder', NONE],
  ['custom_decoder', NONE],
  ['layer_norm_eps', float(1e-5)],
  ['batch_first', bool(false)],
  ['norm_first', bool(false)],
  ['bias', bool(true)],
] as const;

/** `nn.Transformer`: an encoder and a decoder stack, each with a final norm. */
export function makeTransformer(args: Arguments, host: Host): Value {
  const read = bind(TRANSFORMER, args, host);
  const given = (name: string): Value => read.value(name) ?? NONE;
  const make = (name: string, names: readonly string[]): Value => {
    const { draft, forward } = LAYERS[name]!.make(
      name,
      {
        positional: [],
        keywords: new Map(names.map((n) => [n, read.given(n) ?? { value: given(n), site: args.site }])),
        site: args.site,
      },
      host,
    );
    return host.object('pytorch', `torch.nn.${name}`, args.site, draft, { forward } satisfies TorchData);
  };
  const norm = (): Value => {
    const { draft, forward } = LAYERS.LayerNorm!.make(
      'LayerNorm',
      {
        positional: [{ value: given('d_model'), site: args.site }],
        keywords: new Map([['bias', { value: given('bias'), site: args.site }]]),
        site: args.site,
      },
      host,
    );
    return host.object('pytorch', 'torch.nn.LayerNorm', args.site, draft, { forward } satisfies TorchData);
  };
  const settings = ['d_model', 'nhead', 'dim_feedforward', 'dropout', 'batch_first', 'bias'];
  const part = (custom: string, kind: string, count: string): Value =>
    given(custom).kind !== 'none'
      ? given(custom)
      : stackOf(
          `torch.nn.Transformer${kind}`,
          make(`Transformer${kind}Layer`, settings),
          host.dim(given(count)),
          norm(),
          args,
          host,
        );
  const forward: TorchData['forward'] = (model, call, h) => {
    const [source, target] = [tensorArgument(call, 0, 'src'), tensorArgument(call, 1, 'tgt')];
    const one = (value: Value) => ({ value, site: call.site });
    const memory = h.call(model.names.get('encoder') ?? NONE, {
      positional: [one(source ?? unknownShape(h))],
      keywords: new Map(),
      site: call.site,
    });
    return h.call(model.names.get('decoder') ?? NONE, {
      positional: [one(target ?? unknownShape(h)), one(memory)],
      keywords: new Map(),
      site: call.site,
    });
  };
  const object = host.object('pytorch', 'torch.nn.Transformer', args.site, undefined, {
    container: 'dict',
    forward,
  } satisfies TorchData);
  object.names.set('encoder', part('custom_encoder', 'Encoder', 'num_encoder_layers'));
  object.names.set('decoder', part('custom_decoder', 'Decoder', 'num_decoder_layers'));
  return object;
}
