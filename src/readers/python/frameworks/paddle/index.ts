import { message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { builtin } from '../../evaluate/make';
import { NONE, type Arguments, type InstanceValue, type Value } from '../../evaluate/values';
import { bind } from '../signature';
import type { Dialect } from '../pytorch/dialect';
import { torchFunction } from '../pytorch/functions';
import { makeParameter } from '../pytorch/parameters';
import { torchLike } from '../pytorch/plugin';
import { shapeOf, unknownShape } from '../pytorch/shapes';
import { makeBothWays, makeOneWay } from '../pytorch/cell-runners';
import { canonical, containerKind, exportsOf, isBase, layerName, owns } from './names';
import { LAYERS } from './layers';
import { RECURRENT } from './recurrent';
import { WEIGHTLESS } from './weightless';

const dialect: Dialect = {
  id: 'paddle',
  framework: 'paddle',
  owns,
  canonical,
  isBase,
  layerName,
  layers: { ...LAYERS, ...RECURRENT },
  weightless: WEIGHTLESS,
  containerKind,
  forward: 'forward',
  exports: exportsOf,
  call,
  instanceAttribute,
};

/** PaddlePaddle 2 and later (`paddle.nn`); the older `paddle.fluid` is not known. */
export const paddle = torchLike(dialect);

const RNN = ['cell', ['is_reverse', NONE], ['time_major', { kind: 'bool', value: false }]] as const;
const BIRNN = ['cell_fw', 'cell_bw', ['time_major', { kind: 'bool', value: false }]] as const;

function call(name: string, args: Arguments, host: Host): Value | undefined {
  switch (layerName(name)) {
    case 'RNN': {
      const read = bind(RNN, args, host);
      return makeOneWay(name, read.value('cell'), timeFirst(read.value('time_major'), host), args, host);
    }
    case 'BiRNN': {
      const read = bind(BIRNN, args, host);
      const cells = { cell_fw: read.value('cell_fw'), cell_bw: read.value('cell_bw') };
      return makeBothWays(name, cells, timeFirst(read.value('time_major'), host), args, host);
    }
    default:
      break;
  }
  if (name === 'paddle.create_parameter') return createParameter(args, host);
  // Here a number is how many parts there shall be, not how long each is.
  if (name === 'paddle.split') {
    const parts = args.positional[1]?.value ?? args.keywords.get('num_or_sections')?.value;
    return torchFunction(parts && host.dim(parts) ? 'paddle.chunk' : name, args, host);
  }
  return undefined;
}

function timeFirst(value: Value | undefined, host: Host): boolean | undefined {
  const answer = host.truth(value ?? NONE);
  return typeof answer === 'boolean' ? answer : undefined;
}

/** `self.create_parameter(shape=[…])` */
function createParameter(args: Arguments, host: Host): Value {
  const given = args.positional[0] ?? args.keywords.get('shape');
  const shape = given && shapeOf(given.value, host);
  const value = shape
    ? host.tensor(shape)
    : unknownShape(host, message('The shape of this parameter is not known.'));
  return makeParameter(
    { positional: [{ value, site: given?.site ?? args.site }], keywords: new Map(), site: args.site },
    host,
    'paddle.Parameter',
  );
}

function instanceAttribute(instance: InstanceValue, name: string, host: Host): Value | undefined {
  switch (name) {
    case 'create_parameter':
      return builtin(name, (args) => createParameter(args, host));
    case 'add_sublayer':
    case 'add_parameter':
      return builtin(name, (args) => {
        const [key, value] = args.positional.map((a) => a.value);
        const layer = value ?? args.keywords.get('sublayer')?.value ?? args.keywords.get('parameter')?.value;
        const named = key ?? args.keywords.get('name')?.value;
        if (!layer) return NONE;
        host.setName(instance.names, named?.kind === 'str' ? named.value : '…', layer);
        return layer;
      });
    case 'sublayers':
      return host.findAttribute(instance, 'children', instance.site);
    default:
      return undefined;
  }
}
