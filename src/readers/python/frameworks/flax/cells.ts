import { constant, message, type Dim } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { tuple } from '../../evaluate/make';
import { NONE, type Arguments, type ObjectValue, type Value } from '../../evaluate/values';
import { besides } from '../pytorch/cell-runners';
import type { CallReader } from '../pytorch/arguments';
import { dataOf, type Forward } from '../pytorch/layer';
import { runCell } from '../pytorch/recurrent-shapes';
import { unknownShape } from '../pytorch/shapes';

/** `carry, y = cell(carry, x)` */
export const forwardCell: Forward = (layer, args, host) => {
  const [, ...rest] = args.positional;
  const given: Arguments = {
    ...args,
    positional: rest.length > 0 ? rest : [...args.keywords].filter(([k]) => k === 'inputs').map(([, a]) => a),
  };
  dataOf(layer).prepare?.(layer, given, host);
  const state = runCell(layer, given, host);
  const output = state.kind === 'tuple' ? state.items[0]! : state;
  return tuple([state, output]);
};

/** Sizes that every stock cell has beside its input and state. */
export function cellSizes(read: CallReader, inputSize: Dim, hidden: string) {
  return {
    inputSize,
    hiddenSize: read.size(hidden, 'hiddenSize'),
    numLayers: constant(1),
    directions: constant(1),
    bias: constant(1),
  };
}

/** The carry has the shapes that cells make themselves: nothing depends on it here. */
export const CELL_METHODS = {
  initialize_carry: (_: ObjectValue, __: Arguments, host: Host): Value =>
    unknownShape(host, message('It is the first state of a cell.')),
};

/** `Bidirectional(rnn, rnn)`: both read the same input, their outputs stand side by side unless `merge_fn` says otherwise. */
export function makeBidirectional(
  type: string,
  parts: Readonly<Record<'forward_rnn' | 'backward_rnn', Value>>,
  merge: Value,
  returnCarry: boolean | undefined,
  args: Arguments,
  host: Host,
): ObjectValue {
  const forward: Forward = (object, given, h) => {
    const outputs = ['forward_rnn', 'backward_rnn'].map((name) => {
      const made = h.call(object.names.get(name) ?? NONE, given);
      return made.kind === 'tuple' ? made.items.at(-1)! : made;
    });
    const joined =
      merge.kind === 'none' || merge.kind === 'external'
        ? besides(outputs, h)
        : h.call(merge, {
            positional: outputs.map((value) => ({ value, site: given.site })),
            keywords: new Map(),
            site: given.site,
          });
    return returned(returnCarry, unknownShape(h), joined, h);
  };
  const object = host.object('pytorch', type, args.site, undefined, { container: 'dict', forward });
  for (const [name, part] of Object.entries(parts)) object.names.set(name, part);
  return object;
}

/** `return_carry`: the last state comes first. */
export function returned(carry: boolean | undefined, state: Value, output: Value, host: Host): Value {
  if (carry === undefined)
    return unknownShape(host, message('Whether `{0}` is set is not known.', 'return_carry'));
  return carry ? tuple([state, output]) : output;
}

/** The arguments after the state. */
export function behind(args: Arguments): Arguments {
  return { ...args, positional: args.positional.slice(1) };
}
