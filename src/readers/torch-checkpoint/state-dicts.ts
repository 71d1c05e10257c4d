import type { ModuleHint } from '../state-dict/tensor';
import type { ScriptBuffers } from './script-buffers';
import { PyCall, PyDict, PyList, PyTensor, PyTuple, type PyValue } from './values';

/** Tensors that belong together: one model's. Names are whole, in the file's order. */
export interface FoundStateDict {
  /** Where in the checkpoint: `state_dict`, `generator`; empty for the checkpoint itself. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, FoundTensor>;
  /** Values that stand where a tensor should and could not be read, with what they are. */
  readonly unread: ReadonlyMap<string, string>;
  /** By module path; only when whole modules were saved. */
  readonly hints: ReadonlyMap<string, ModuleHint>;
}

export interface FoundTensor {
  readonly tensor: PyTensor;
  /** Known when whole modules were saved. */
  readonly buffer?: boolean;
}

const MAX_DEPTH = 6;
const MAX_MODULE_DEPTH = 64;
const MAX_VISITS = 1_000_000;
/** Parts of a checkpoint that hold tensors but are no model. */
const NOT_A_MODEL = ['optim', 'scheduler', 'scaler', 'rng', 'callbacks', 'loops', 'amp'];

/** The models in what was unpickled: state dicts and whole modules, wherever a checkpoint keeps them. Optimizers are passed over. */
export function findStateDicts(root: PyValue, buffers?: ScriptBuffers): FoundStateDict[] {
  return new Finder(buffers).find(root, '', 0);
}

class Finder {
  private visits = 0;
  private readonly seen = new Set<PyValue>();

  constructor(private readonly buffers?: ScriptBuffers) {}

  find(value: PyValue, name: string, depth: number): FoundStateDict[] {
    if (depth > MAX_DEPTH || ++this.visits > MAX_VISITS) return [];
    if (value instanceof PyTensor) {
      return depth === 0 ? [collected('', new Map([['tensor', { tensor: value }]]))] : [];
    }
    if (!(
      value instanceof PyDict ||
      value instanceof PyList ||
      value instanceof PyTuple ||
      value instanceof PyCall
    )) {
      return [];
    }
    if (this.seen.has(value)) return [];
    this.seen.add(value);
    if (value instanceof PyDict) return this.inDict(value, name, depth);
    if (value instanceof PyCall) return this.inCall(value, name, depth);
    return value.items.flatMap((item, i) => this.find(item, joined(name, String(i)), depth + 1));
  }

  private inDict(dict: PyDict, name: string, depth: number): FoundStateDict[] {
    if (dict.entries.has('param_groups')) return [];
    const nested: FoundStateDict[] = [];
    const tensors = new Map<string, FoundTensor>();
    const unread = new Map<string, string>();
    for (const [key, value] of dict.entries) {
      if (typeof key !== 'string') continue;
      if (value instanceof PyTensor) tensors.set(key, { tensor: value });
      else if (isUnreadTensor(value)) unread.set(key, value.className!);
      else if (!isNoModel(key)) nested.push(...this.find(value, joined(name, key), depth + 1));
    }
    // Beside whole models, loose tensors are notes (a best score, a step), unless they are named like weights.
    const named = [...tensors.keys()].some((key) => key.includes('.'));
    if (tensors.size + unread.size === 0 || (nested.length > 0 && !named)) return nested;
    return [{ ...collected(name, tensors), unread }, ...nested];
  }

  private inCall(call: PyCall, name: string, depth: number): FoundStateDict[] {
    if (isModule(call)) {
      const found = collected(name, new Map());
      this.collectModule(call, '', found, 0);
      return found.tensors.size > 0 ? [found] : [];
    }
    return call.state instanceof PyDict ? this.find(call.state, name, depth + 1) : [];
  }

  /** A saved module's own tensors and its children's. TorchScript keeps all as plain attributes, eager modules in three dicts. */
  private collectModule(call: PyCall, prefix: string, into: Collecting, depth: number): void {
    if (depth > MAX_MODULE_DEPTH || ++this.visits > MAX_VISITS || !(call.state instanceof PyDict)) return;
    const state = call.state;
    const parts = [
      { dict: state.get('_parameters'), buffer: false },
      { dict: state.get('_buffers'), buffer: true },
      { dict: state.get('_modules'), buffer: undefined },
    ];
    const eager = parts[2]!.dict instanceof PyDict;
    into.hints.set(prefix, hintOf(call, state));
    const scripted = this.buffers?.get(call.className ?? '');
    for (const { dict, buffer } of eager ? parts : [{ dict: state, buffer: undefined }]) {
      if (!(dict instanceof PyDict)) continue;
      for (const [key, value] of dict.entries) {
        if (typeof key !== 'string') continue;
        const path = joined(prefix, key);
        if (value instanceof PyTensor) {
          const known = buffer ?? scripted?.has(key);
          into.tensors.set(path, { tensor: value, ...(known === undefined ? {} : { buffer: known }) });
        } else if (value instanceof PyCall && isModule(value))
          this.collectModule(value, path, into, depth + 1);
      }
    }
  }
}

interface Collecting extends FoundStateDict {
  readonly tensors: Map<string, FoundTensor>;
  readonly unread: Map<string, string>;
  readonly hints: Map<string, ModuleHint>;
}

function collected(name: string, tensors: Map<string, FoundTensor>): Collecting {
  return { name, tensors, unread: new Map(), hints: new Map() };
}

function joined(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}

function isNoModel(key: string): boolean {
  const lower = key.toLowerCase();
  return NOT_A_MODEL.some((word) => lower.includes(word));
}

function isModule(call: PyCall): boolean {
  if (!(call.state instanceof PyDict)) return false;
  return call.state.entries.has('_modules') || call.className?.startsWith('__torch__.') === true;
}

/** A call that would have made a tensor of a kind this reader lacks (sparse, nested …). */
function isUnreadTensor(value: PyValue): value is PyCall {
  return value instanceof PyCall && value.className?.startsWith('torch._utils._rebuild') === true;
}

/** `__torch__.torch.nn.modules.rnn.___torch_mangle_3.LSTM` and `torch.nn.modules.rnn.LSTM` are both `LSTM`. */
function hintOf(call: PyCall, state: PyDict): ModuleHint {
  const path = call.className ?? '';
  const config = new Map<string, number | boolean | string>();
  for (const [key, value] of state.entries) {
    if (typeof key !== 'string') continue;
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
      config.set(key, value);
  }
  return { className: path.slice(path.lastIndexOf('.') + 1), config };
}
