import { valueOf, type Dim } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { ObjectValue, TensorValue, Value } from '../../evaluate/values';
import { gruOf, type GruByHand, type Matrix } from '../by-hand/gru';
import { chunk, leaf, Names, product, sum, type Term } from '../by-hand/term';
import { dataOf, kerasOf, type KerasNode } from './data';
import type { OwnGraph } from './own';
import { numberOf } from './shapes';

/** How deep a cell's formulas are at most. */
const MAX_DEPTH = 40;

/** The GRU cell that a user's layer is, when its `call` computes one out of dense layers. */
export function ownCellOf(graph: OwnGraph, host: Host): GruByHand | undefined {
  if (graph.inputs.length !== 2 || graph.gap || graph.weights.length > 0) return undefined;
  const [a, b] = graph.inputs.map((t) => kerasOf(t)?.node);
  if (!a || !b) return undefined;
  const reader = new TermReader(host);
  const names = new Names();
  for (const output of graph.outputs) {
    const next = reader.of(output, 0);
    for (const [input, state] of [
      [a, b],
      [b, a],
    ] as const) {
      const cell =
        next &&
        gruOf(next, {
          names,
          input,
          state,
          matrix: (layer) => reader.matrices.get(layer),
          bias: () => undefined,
        });
      if (cell) return cell;
    }
  }
  return undefined;
}

class TermReader {
  readonly matrices = new Map<object, Matrix>();

  constructor(private readonly host: Host) {}

  /** What a tensor is, as a formula; undefined where it is nested too deep. */
  of(value: Value | undefined, depth: number): Term | undefined {
    if (depth > MAX_DEPTH || !value) return undefined;
    if (value.kind === 'int' || value.kind === 'float') {
      const n = value.kind === 'int' ? valueOf(value.dim) : value.value;
      return n === undefined ? undefined : { kind: 'number', value: n };
    }
    if (value.kind !== 'tensor') return undefined;
    const keras = kerasOf(value);
    const node = keras?.node;
    if (!node) return leaf(value);
    return this.ofNode(node, keras.index, depth) ?? leaf(node);
  }

  private ofNode(node: KerasNode, index: number, depth: number): Term | undefined {
    const { maker } = node;
    const at = (value: Value | undefined) => this.of(value, depth + 1);
    if (maker.kind === 'operation') {
      const operands = maker.operands ?? node.inputs;
      return this.operation(maker.op, operands, index, at, depth);
    }
    if (maker.kind !== 'object') return undefined;
    const data = dataOf(maker);
    if (data?.kind !== 'layer' || node.callConfig) return undefined;
    switch (data.className) {
      case 'Dense':
        return this.dense(maker, node.inputs[0], at(node.inputs[0]));
      case 'Activation':
        return squash(data.fields.get('activation'), at(node.inputs[0]));
      case 'Concatenate':
        return concat(node.inputs, at);
      case 'Add':
      case 'Subtract':
      case 'Multiply': {
        const [a, b] = node.inputs.map(at);
        if (!a || !b || node.inputs.length !== 2) return undefined;
        if (data.className === 'Multiply') return product(a, b);
        return sum(a, b, data.className === 'Add' ? 1 : -1);
      }
      default:
        return undefined;
    }
  }

  private operation(
    op: string,
    operands: readonly Value[],
    index: number,
    at: (value: Value | undefined) => Term | undefined,
    depth: number,
  ): Term | undefined {
    const [a, b] = operands.slice(0, 2).map(at);
    switch (op) {
      case 'sigmoid':
      case 'tanh':
        return a && { kind: 'squash', fn: op, of: a };
      case 'add':
        return a && b && sum(a, b);
      case 'subtract':
        return a && b && sum(a, b, -1);
      case 'multiply':
        return a && b && product(a, b);
      case 'concat':
      case 'concatenate': {
        const list =
          operands[0]?.kind === 'list' || operands[0]?.kind === 'tuple' ? operands[0].items : undefined;
        const axis = operands[1] ? numberOf(operands[1], this.host) : -1;
        return list && (axis === -1 || axis === 1) ? concat(list, at) : undefined;
      }
      case 'split': {
        const count = operands[1] && numberOf(operands[1], this.host);
        const axis = operands[2] && numberOf(operands[2], this.host);
        const of = this.of(operands[0], depth + 1);
        return of && count && (axis === -1 || axis === 1) ? chunk(of, index, count) : undefined;
      }
      default:
        return undefined;
    }
  }

  private dense(layer: ObjectValue, input: TensorValue | undefined, of: Term | undefined): Term | undefined {
    const data = dataOf(layer);
    if (data?.kind !== 'layer') return undefined;
    const outputSize = this.sizeOf(data.fields.get('units'));
    const inputSize = input?.shape?.length === 2 ? input.shape[1] : undefined;
    const bias = data.fields.get('use_bias');
    const biased = bias === undefined ? true : this.host.truth(bias);
    if (!of || !outputSize || !inputSize || typeof biased !== 'boolean') return undefined;
    this.matrices.set(layer, { inputSize, outputSize, bias: biased });
    const linear: Term = { kind: 'linear', layer, of };
    const activation = data.fields.get('activation');
    return activation === undefined || activation.kind === 'none' ? linear : squash(activation, linear);
  }

  private sizeOf(value: Value | undefined): Dim | undefined {
    return value && this.host.dim(value);
  }
}

function squash(activation: Value | undefined, of: Term | undefined): Term | undefined {
  const name =
    activation?.kind === 'str'
      ? activation.value
      : activation?.kind === 'external'
        ? activation.name.slice(activation.name.lastIndexOf('.') + 1)
        : '';
  if (!of) return undefined;
  if (name === 'linear') return of;
  return name === 'sigmoid' || name === 'tanh' ? { kind: 'squash', fn: name, of } : undefined;
}

function concat(
  values: readonly Value[],
  at: (value: Value | undefined) => Term | undefined,
): Term | undefined {
  const parts = values.map(at);
  return parts.every((p) => p !== undefined) ? { kind: 'concat', parts } : undefined;
}
