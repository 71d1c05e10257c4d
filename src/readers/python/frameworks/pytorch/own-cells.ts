import {
  BATCH,
  constant,
  equalDims,
  type Layer,
  type LayerCall,
  type RecurrentLayer,
} from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Argument, InstanceValue, ObjectValue, Value } from '../../evaluate/values';
import { gruOf, type GruByHand, type Matrix } from '../by-hand/gru';
import { Names } from '../by-hand/term';
import type { Dialect } from './dialect';
import { frameworkOf, isParameter } from './layer';
import { freshAxis, unknownShape } from './shapes';
import { traced } from './trace';
import type { Tree } from './tree';

const FUEL = 20_000;
const known = new WeakMap<InstanceValue, { readonly cell: GruByHand | undefined }>();

/** The GRU cell that a module is, when its forward pass computes one out of linear layers. */
function cellOf(instance: InstanceValue, dialect: Dialect, host: Host): GruByHand | undefined {
  let found = known.get(instance);
  if (!found) known.set(instance, (found = { cell: recognise(instance, dialect, host) }));
  return found.cell;
}

function recognise(instance: InstanceValue, dialect: Dialect, host: Host): GruByHand | undefined {
  const holders = [...instance.names.values()].filter((v) => v.kind === 'object' || v.kind === 'instance');
  if (holders.length < 2 || holders.length > 24 || dialect.madeOnCall) return undefined;
  const site = { text: instance.cls.text, from: instance.cls.decl.from, to: instance.cls.decl.headerTo };
  const forward = host.findAttribute(instance, dialect.forward, site);
  if (forward?.kind !== 'method' || forward.fn.kind !== 'function') return undefined;
  const params = forward.fn.params.slice(1).filter((p) => p.kind === 'normal');
  if (params.length < 2) return undefined;
  const fresh = () => host.tensor([BATCH, freshAxis()]);
  const inputs = params.map((_, i) => (i < 2 ? fresh() : unknownShape(host)));
  const positional: Argument[] = inputs.map((value) => ({ value, site }));
  let cell: GruByHand | undefined;
  host.attempt(() =>
    host.withFuel(FUEL, () =>
      traced(host, (termOf) => {
        const made = host.call(forward, { positional, keywords: new Map(), site });
        for (const [input, state] of [
          [inputs[0]!, inputs[1]!],
          [inputs[1]!, inputs[0]!],
        ] as const) {
          const names = new Names();
          for (const value of tensorsIn(made)) {
            const next = termOf(value);
            cell ??= next && gruOf(next, { names, input, state, matrix, bias });
          }
        }
      }),
    ),
  );
  return cell;
}

function tensorsIn(value: Value): Value[] {
  if (value.kind === 'tuple' || value.kind === 'list') return value.items.flatMap(tensorsIn);
  return value.kind === 'tensor' ? [value] : [];
}

function matrix(layer: object): Matrix | undefined {
  const { draft } = layer as ObjectValue;
  if (draft?.kind === 'dense' && draft.bias.terms.size <= 1) {
    const bias = draft.bias.terms.get('')?.coefficient ?? (draft.bias.terms.size === 0 ? 0n : undefined);
    if (bias === undefined) return undefined;
    return { inputSize: draft.inputSize, outputSize: draft.outputSize, bias: bias === 1n };
  }
  if (draft?.kind !== 'parameter' || draft.shape.length !== 2) return undefined;
  return { inputSize: draft.shape[0]!, outputSize: draft.shape[1]!, bias: false };
}

function bias(leaf: object) {
  const object = leaf as ObjectValue;
  if (object.kind !== 'object' || !isParameter(object) || object.draft?.kind !== 'parameter')
    return undefined;
  return object.draft.shape.length === 1 ? object.draft.shape[0] : undefined;
}

/** Puts one GRU cell in the place of the linear layers that make it up, wherever a module of the tree is such a cell. */
export function withOwnCells(
  layers: readonly Layer[],
  tree: Tree,
  dialect: Dialect,
  host: Host,
): readonly Layer[] {
  let result = layers;
  for (const { instance, path } of tree.instances) {
    const cell = cellOf(instance, dialect, host);
    if (cell) result = replaced(result, tree, instance, path, cell, host);
  }
  return result;
}

function replaced(
  layers: readonly Layer[],
  tree: Tree,
  instance: InstanceValue,
  path: string,
  cell: GruByHand,
  host: Host,
): readonly Layer[] {
  const paths = cell.parts.map((part) => tree.found.find((f) => f.object === part)?.path);
  const parts = paths.map((p) => layers.find((l) => l.path === p));
  if (!parts.every((l) => l !== undefined) || !parts.every((l) => isPlain(l, parts[0]!))) return layers;
  const layer: RecurrentLayer = {
    kind: 'gru-cell',
    typeName: instance.cls.name,
    path: path === '' ? instance.cls.name : path,
    framework: frameworkOf((cell.parts[0] as ObjectValue).type),
    source: host.ref(instance.site),
    inputSize: cell.inputSize,
    hiddenSize: cell.hiddenSize,
    numLayers: constant(1),
    directions: constant(1),
    bias: constant(cell.biases === 0 ? 0 : 1),
    resetAfter: constant(cell.resetAfter ? 1 : 0),
    byHand: { parts: paths as string[], updateKeeps: cell.keeps, biases: cell.biases },
    ...(parts[0]!.repeat && { repeat: parts[0]!.repeat }),
    ...usesOf(parts, cell),
  };
  const at = layers.indexOf(parts[0]!);
  return layers.flatMap((l, i) => (i === at ? [layer] : parts.includes(l) ? [] : [l]));
}

/** Its weights are its own, all trained, as often as its neighbours'. */
function isPlain(layer: Layer, first: Layer): boolean {
  const repeats =
    layer.repeat === undefined
      ? first.repeat === undefined
      : first.repeat !== undefined && equalDims(layer.repeat, first.repeat);
  return repeats && !layer.frozen && !layer.tied && !layer.weightNorm && layer.kind !== 'unknown';
}

/** One step per call of its parts. */
function usesOf(parts: readonly Layer[], cell: GruByHand): Pick<RecurrentLayer, 'calls' | 'callsUnknown'> {
  const called = parts.find((l) => l.kind === 'dense' && (l.calls !== undefined || l.callsUnknown));
  if (called?.calls === undefined) return called?.callsUnknown ? { callsUnknown: called.callsUnknown } : {};
  return {
    calls: called.calls.map((call): LayerCall => {
      const batch = call.inputs[0]?.length === 2 ? call.inputs[0][0]! : BATCH;
      return {
        inputs: [[batch, cell.inputSize]],
        output: [batch, cell.hiddenSize],
        steps: constant(1),
        batch,
        times: call.times,
        ...(call.source && { source: call.source }),
      };
    }),
  };
}
