import { add, BATCH, message, SEQ_LEN, type Dim } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { tuple } from '../../evaluate/make';
import { NONE, type Arguments, type ObjectValue, type TensorValue, type Value } from '../../evaluate/values';
import { dataOf, type TorchData } from './layer';
import { runRecurrent } from './recurrent-shapes';
import { tensorArgument, unify, unknownShape } from './shapes';

/*
 * Wrappers that run a cell over time: Paddle's `nn.RNN` and `nn.BiRNN`, Flax' `nn.RNN` and `nn.Bidirectional`. The weights are the
 * cell's, so the cell is the layer that counts, under its own path (`rnn.cell`), wherever else it is used.
 */

/** `RNN(cell)`; `timeFirst` undefined: not known. */
export function makeOneWay(
  type: string,
  cell: Value | undefined,
  timeFirst: boolean | undefined,
  args: Arguments,
  host: Host,
  result: (output: Value, state: Value, host: Host) => Value = (output, state) => tuple([output, state]),
): ObjectValue {
  const forward: TorchData['forward'] = (object, given, h) => {
    const [output, state] = runOver(object.names.get('cell') ?? NONE, timeFirst, given, h);
    return result(output, state, h);
  };
  const object = host.object('pytorch', type, args.site, undefined, { container: 'dict', forward });
  keep(object, 'cell', cell, host);
  asLayer(object.names.get('cell'), type, timeFirst);
  return object;
}

/** `BiRNN(cell, cell)`: the outputs of both directions side by side. */
export function makeBothWays(
  type: string,
  cells: Readonly<Record<string, Value | undefined>>,
  timeFirst: boolean | undefined,
  args: Arguments,
  host: Host,
): ObjectValue {
  const forward: TorchData['forward'] = (object, given, h) => {
    const runs = Object.keys(cells).map((name) =>
      runOver(object.names.get(name) ?? NONE, timeFirst, given, h),
    );
    return tuple([
      besides(
        runs.map(([output]) => output),
        h,
      ),
      tuple(runs.map(([, state]) => state)),
    ]);
  };
  const object = host.object('pytorch', type, args.site, undefined, { container: 'dict', forward });
  for (const [name, cell] of Object.entries(cells)) {
    keep(object, name, cell, host);
    asLayer(object.names.get(name), type, timeFirst);
  }
  return object;
}

function keep(object: ObjectValue, name: string, value: Value | undefined, host: Host): void {
  object.names.set(
    name,
    value ??
      host.unknown(message('The cell that runs here is not known.'), name, object.site, {
        maybeModule: true,
      }),
  );
}

/** A stock cell that something runs over time is the layer itself: `RNN(LSTMCell)`. */
function asLayer(cell: Value | undefined, wrapper: string, timeFirst: boolean | undefined): void {
  if (cell?.kind !== 'object' || !cell.draft?.kind.endsWith('-cell')) return;
  const kind = cell.draft.kind.replace('-cell', '') as 'rnn' | 'lstm' | 'gru';
  cell.draft = {
    ...(cell.draft as Extract<typeof cell.draft, { hiddenSize: Dim }>),
    kind,
    typeName: `${wrapper.slice(wrapper.lastIndexOf('.') + 1)}(${cell.draft.typeName})`,
    ...(timeFirst !== undefined && { batchFirst: !timeFirst }),
  };
}

/** Outputs of several directions, joined on the last axis. */
export function besides(outputs: readonly Value[], host: Host): TensorValue {
  const shapes = outputs.map((o) => (o.kind === 'tensor' ? o.shape : undefined));
  const first = shapes[0];
  if (!first || shapes.some((s) => s === undefined)) return unknownShape(host);
  const sizes = shapes.map((s) => s!.at(-1)!);
  return host.tensor([...first.slice(0, -1), add(...sizes)]);
}

/** Runs a cell over the time axis of its input: what comes out at every step, and the last state. */
function runOver(cell: Value, timeFirst: boolean | undefined, args: Arguments, host: Host): [Value, Value] {
  if (cell.kind === 'object') dataOf(cell).prepare?.(cell, args, host);
  if (cell.kind === 'object' && cell.draft && 'numLayers' in cell.draft) {
    const made = runRecurrent(cell, args, host);
    const output = made.kind === 'tuple' ? made.items[0]! : made;
    const shape = output.kind === 'tensor' ? output.shape : undefined;
    if (shape?.length !== 3) return [output, unknownShape(host)];
    const state = host.tensor([shape[timeFirst ? 1 : 0]!, shape[2]!]);
    return [output, cell.draft.kind === 'lstm' ? tuple([state, state]) : state];
  }
  return runOwn(cell, timeFirst, args, host);
}

/** A cell of the user's own: called once per step. */
function runOwn(cell: Value, timeFirst: boolean | undefined, args: Arguments, host: Host): [Value, Value] {
  const input = tensorArgument(args, 0, 'inputs');
  const shape = input?.shape;
  if (!shape || shape.length < 3 || timeFirst === undefined) {
    host.call(cell, stepOf(cell, unknownShape(host, input?.why), args, host));
    return [unknownShape(host, input?.why), unknownShape(host, input?.why)];
  }
  const [steps, batch] = timeFirst ? [shape[0]!, shape[1]!] : [shape[1]!, shape[0]!];
  unify(host, steps, SEQ_LEN);
  unify(host, batch, BATCH);
  const step = stepOf(cell, host.tensor([batch, ...shape.slice(2)]), args, host);
  const made = host.repeated(steps, () => host.call(cell, step));
  const parts = made.kind === 'tuple' ? made.items : [made, unknownShape(host)];
  const [output, state] = carriesFirst(cell) ? [...parts].reverse() : parts;
  if (output?.kind !== 'tensor' || !output.shape) return [unknownShape(host), state ?? unknownShape(host)];
  const rows = timeFirst ? [steps, output.shape[0]!] : [output.shape[0]!, steps];
  return [host.tensor([...rows, ...output.shape.slice(1)]), state ?? unknownShape(host)];
}

/** Flax' cells take and give the state first, Paddle's the input. */
function carriesFirst(cell: Value): boolean {
  return (
    (cell.kind === 'instance' &&
      cell.cls.order.some((b) => b.kind === 'external' && b.name.startsWith('flax.'))) ||
    (cell.kind === 'object' && cell.type.startsWith('flax.'))
  );
}

function stepOf(cell: Value, value: Value, args: Arguments, host: Host): Arguments {
  const step = { value, site: args.site };
  const carry = { value: unknownShape(host), site: args.site };
  return {
    positional: carriesFirst(cell) ? [carry, step] : [step],
    keywords: new Map(),
    site: args.site,
  };
}
