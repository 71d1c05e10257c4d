import { message, type Dim } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { builtin, int } from '../../evaluate/make';
import { NONE, type Arguments, type Value } from '../../evaluate/values';
import { makeOneWay } from '../pytorch/cell-runners';
import type { TorchData } from '../pytorch/layer';
import { behind, CELL_METHODS, returned } from './cells';
import { adopt } from './linen-scope';

/**
 * `nn.scan(Cell, variable_broadcast='params', in_axes=1, out_axes=1)`: a class whose modules run the cell over an axis. With
 * `variable_axes={'params': 0}` every step has weights of its own, `length` of them.
 */
export function scanned(args: Arguments, host: Host): Value | undefined {
  const target = args.positional[0]?.value ?? args.keywords.get('target')?.value;
  // A method keeps its weights; how often it runs is not followed.
  if (!target || target.kind === 'function' || target.kind === 'method') return target;
  const axis = host.dim(args.keywords.get('in_axes')?.value ?? int(0));
  const timeFirst = axis && axis.terms.size === 0;
  const copies = copiesOf(args, host);
  return builtin('nn.scan', (given) => {
    const cell = host.call(target, given);
    if (copies === 'unknown')
      return host.unknown(
        message('How many copies of its weights `nn.scan` makes can’t be worked out.'),
        'nn.scan',
        given.site,
        { maybeModule: true },
      );
    const object = makeOneWay('flax.linen.Scan', cell, timeFirst ?? false, given, host, (output, state, h) =>
      returned(true, state, output, h),
    );
    const data = object.data as TorchData;
    // It is called as the cell is: with the state before the input.
    const run = data.forward!;
    const forward: TorchData['forward'] = (scan, call, h) => run(scan, behind(call), h);
    object.data = { ...data, forward, methods: CELL_METHODS } satisfies TorchData;
    const inner = object.names.get('cell');
    if (copies && inner) object.names.set('cell', { kind: 'repeat', value: inner, count: copies });
    return adopt(object, 'Scan', given, host);
  });
}

function copiesOf(args: Arguments, host: Host): Dim | 'unknown' | undefined {
  const axes = args.keywords.get('variable_axes')?.value ?? NONE;
  if (axes.kind === 'none') return undefined;
  if (axes.kind !== 'dict') return 'unknown';
  const params = axes.entries.get('s:params') ?? axes.entries.get('b:true');
  if (!params) return undefined;
  return host.dim(args.keywords.get('length')?.value ?? NONE) ?? 'unknown';
}
