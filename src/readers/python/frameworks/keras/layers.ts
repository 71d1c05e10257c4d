import { type Fact, type Message, dimKey, message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Argument, Arguments, ListValue, ObjectValue, Value } from '../../evaluate/values';
import { factOf } from '../signature';
import type { KerasData, LayerData } from './data';
import { signatureOf } from './signatures';
import { graphTensorsIn, tensorsIn } from './values';

/** Arguments that decide sizes: when an unknown `**kwargs` may carry them, they are unknown too. */
const DECISIVE: readonly string[] = [
  'use_bias',
  'return_sequences',
  'return_state',
  'reset_after',
  'merge_mode',
];

/** A layer object from its constructor call. */
export function makeLayer(
  className: string,
  type: string,
  args: Arguments,
  host: Host,
  opaque?: Message,
): ObjectValue {
  const names = signatureOf(className);
  const fields = new Map<string, Value>();
  const facts: Record<string, Fact> = {};
  const put = (name: string, argument: Argument) => {
    fields.set(name, argument.value);
    facts[name] = factOf(argument, host);
  };
  args.positional.forEach((argument, i) => {
    const name = names[i];
    if (name !== undefined) put(name, argument);
  });
  for (const [name, argument] of args.keywords) put(OLD_NAMES[name] ?? name, argument);
  if (args.rest) {
    for (const name of [
      ...names.slice(0, 2),
      ...DECISIVE.filter((d) =>
        d === 'merge_mode' ? className === 'Bidirectional' : names.includes(d) || RECURRENT.has(className),
      ),
    ]) {
      if (!fields.has(name)) fields.set(name, host.derive(args.rest, `.${name}`, args.site));
    }
  }
  const name = fields.get('name');
  const data: LayerData = {
    kind: 'layer',
    className,
    fields,
    facts,
    ...(name?.kind === 'str' ? { name: name.value } : {}),
    ...(opaque ? { opaque } : {}),
  };
  const object = host.object('keras', type, args.site, undefined, data satisfies KerasData);
  object.key = keyOf(data, host);
  return object;
}

/** Two layers with the same key build alike. */
function keyOf(data: LayerData, host: Host): string {
  const parts = [...data.fields].map(([name, value]) => `${name}=${valueKey(value, host, 0)}`);
  return `${data.className}(${parts.sort().join(',')})`;
}

function valueKey(value: Value, host: Host, depth: number): string {
  switch (value.kind) {
    case 'int':
      return dimKey(value.dim);
    case 'bool':
    case 'str':
      return String(value.value);
    case 'float':
      return `f${value.value}`;
    case 'none':
      return 'None';
    case 'list':
    case 'tuple':
      return depth > 4 ? '…' : `[${value.items.map((i) => valueKey(i, host, depth + 1)).join(',')}]`;
    case 'unknown':
    case 'instance':
      return `${value.kind}#${value.id}`;
    case 'object':
      return value.key ?? `object#${value.id}`;
    case 'external':
      return value.name;
    default:
      return `${value.kind}:${depth}`;
  }
}

const RECURRENT: ReadonlySet<string> = new Set(['SimpleRNN', 'LSTM', 'GRU']);

/** What Keras 1 called things. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  output_dim: 'output_dim',
  nb_filter: 'filters',
  border_mode: 'padding',
  subsample: 'strides',
  pool_length: 'pool_size',
  filter_length: 'kernel_size',
  init: 'kernel_initializer',
  inner_init: 'recurrent_initializer',
  bias: 'use_bias',
  dropout_W: 'dropout',
  dropout_U: 'recurrent_dropout',
};

/** The layer behind `keras.Input(...)`. */
export function makeInput(args: Arguments, host: Host): ObjectValue {
  const names = ['shape', 'batch_size'];
  const keywords = new Map(args.keywords);
  args.positional.forEach((argument, i) => keywords.set(names[i] ?? `positional_${i}`, argument));
  return makeLayer('InputLayer', 'keras.layers.InputLayer', { ...args, positional: [], keywords }, host);
}

/** `keras.Sequential([...])`. */
export function makeSequential(args: Arguments, host: Host): ObjectValue {
  const given = args.keywords.get('layers')?.value ?? args.positional[0]?.value;
  const items =
    given?.kind === 'list' || given?.kind === 'tuple'
      ? [...given.items]
      : given && given.kind !== 'none'
        ? [given]
        : [];
  const layers: ListValue = { kind: 'list', items };
  const name = args.keywords.get('name')?.value ?? args.positional[1]?.value;
  return unique(
    host.object('keras', 'keras.Sequential', args.site, undefined, {
      kind: 'sequential',
      layers,
      ...(name?.kind === 'str' ? { name: name.value } : {}),
    } satisfies KerasData),
  );
}

/** A model is like no other: how it was put together matters. */
function unique(object: ObjectValue): ObjectValue {
  object.key = `#${object.id}`;
  return object;
}

/** `keras.Model(inputs, outputs)`; undefined when it is not the functional form. */
export function makeFunctional(args: Arguments, host: Host): Value | undefined {
  const argument = (at: number, ...names: string[]) =>
    names.map((n) => args.keywords.get(n)?.value).find((v) => v !== undefined) ?? args.positional[at]?.value;
  const [first, second] = [argument(0, 'inputs', 'input'), argument(1, 'outputs', 'output')];
  if (!second) return undefined;
  const outputs = graphTensorsIn(second, host);
  if (outputs.length === 0)
    return host.unknown(message('The outputs of this model cannot be worked out.'), 'model', args.site);
  const name = args.keywords.get('name')?.value ?? args.positional[2]?.value;
  return unique(
    host.object('keras', 'keras.Model', args.site, undefined, {
      kind: 'functional',
      inputs: tensorsIn(first),
      outputs,
      ...(name?.kind === 'str' ? { name: name.value } : {}),
    } satisfies KerasData),
  );
}
