import { type Fact, type Message, message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Argument, Arguments, ListValue, ObjectValue, Value } from '../../evaluate/values';
import { factOf } from '../signature';
import type { KerasData, LayerData } from './data';
import { signatureOf } from './signatures';
import { tensorsIn } from './values';

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
  return host.object('keras', type, args.site, undefined, data satisfies KerasData);
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
  return host.object('keras', 'keras.Sequential', args.site, undefined, {
    kind: 'sequential',
    layers,
    ...(name?.kind === 'str' ? { name: name.value } : {}),
  } satisfies KerasData);
}

/** `keras.Model(inputs, outputs)`; undefined when it is not the functional form. */
export function makeFunctional(args: Arguments, host: Host): Value | undefined {
  const argument = (at: number, ...names: string[]) =>
    names.map((n) => args.keywords.get(n)?.value).find((v) => v !== undefined) ?? args.positional[at]?.value;
  const [first, second] = [argument(0, 'inputs', 'input'), argument(1, 'outputs', 'output')];
  if (!second) return undefined;
  const outputs = tensorsIn(second);
  if (outputs.length === 0)
    return host.unknown(message('The outputs of this model cannot be worked out.'), 'model', args.site);
  const name = args.keywords.get('name')?.value ?? args.positional[2]?.value;
  return host.object('keras', 'keras.Model', args.site, undefined, {
    kind: 'functional',
    inputs: tensorsIn(first),
    outputs,
    ...(name?.kind === 'str' ? { name: name.value } : {}),
  } satisfies KerasData);
}
