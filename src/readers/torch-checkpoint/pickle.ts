import { Cursor, ReadError, malformed } from '../bytes';
import { message } from '../../model';
import { storageOf, symbolicCall } from './tensor-calls';
import { PyCall, PyDict, PyGlobal, PyList, PySet, PyTensor, PyTuple, type PyValue } from './values';

const MARK = Symbol('mark');
type Slot = PyValue | typeof MARK;

/** Well above real checkpoints (a 100-layer model with optimizer state has about 50,000 operations). */
const MAX_OPERATIONS = 5_000_000;
const MAX_STACK = 1_000_000;
const MAX_MEMO = 2_000_000;
const MAX_INTEGER_BYTES = 1024;

export interface PickleResult {
  readonly value: PyValue;
  /** Every name the pickle would have imported, once each. */
  readonly globals: readonly PyGlobal[];
  /** Where the byte after it is. */
  readonly end: number;
}

/**
 * Follows a pickle's operations on symbols: containers and constants become data, imports and calls become notes
 * ({@link PyGlobal}, {@link PyCall}). No name is ever looked up and nothing is called. Protocols 0 to 5.
 * @throws ReadError when it is damaged, uses more operations, stack or memo than any real checkpoint, or is cut short
 * (code `truncated-file`, so that a caller with more bytes can give more).
 */
export function readPickle(bytes: Uint8Array, start: number, what: string): PickleResult {
  return new PickleMachine(new Cursor(bytes, what, start)).run();
}

class PickleMachine {
  private stack: Slot[] = [];
  private readonly memo = new Map<number, PyValue>();
  private readonly globals = new Map<string, PyGlobal>();

  constructor(private readonly in_: Cursor) {}

  run(): PickleResult {
    for (let count = 0; ; count++) {
      if (count > MAX_OPERATIONS || this.stack.length > MAX_STACK || this.memo.size > MAX_MEMO) {
        throw new ReadError(
          'too-large',
          message('Not read, because {0} has more parts than a model has.', this.in_.what),
        );
      }
      const operation = this.in_.u8();
      if (operation === 0x2e) {
        const value = this.pop();
        return { value, globals: [...this.globals.values()], end: this.in_.position };
      }
      if (!this.scalar(operation) && !this.container(operation) && !this.object(operation)) {
        throw malformed(`${this.in_.what}: unknown pickle operation ${operation}`);
      }
    }
  }

  /** Constants. */
  private scalar(operation: number): boolean {
    const in_ = this.in_;
    switch (operation) {
      case 0x4e: // NONE
        return this.push(null);
      case 0x88: // NEWTRUE
        return this.push(true);
      case 0x89: // NEWFALSE
        return this.push(false);
      case 0x4a: // BININT
        return this.push(in_.i32());
      case 0x4b: // BININT1
        return this.push(in_.u8());
      case 0x4d: // BININT2
        return this.push(in_.u16());
      case 0x8a: // LONG1
        return this.push(this.long(in_.u8()));
      case 0x8b: // LONG4
        return this.push(this.long(in_.u32()));
      case 0x49: // INT
        return this.push(textInteger(in_.line()));
      case 0x4c: // LONG
        return this.push(textInteger(in_.line().replace(/L$/, '')));
      case 0x46: // FLOAT
        return this.push(Number(in_.line()));
      case 0x47: // BINFLOAT
        return this.push(in_.f64BigEndian());
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        return this.push(in_.text(in_.u8()));
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING
        return this.push(in_.text(in_.u32()));
      case 0x8d: // BINUNICODE8
        return this.push(in_.text(in_.size64()));
      case 0x53: // STRING
        return this.push(in_.line().replace(/^(['"])(.*)\1\r?$/s, '$2'));
      case 0x56: // UNICODE
        return this.push(in_.line());
      case 0x43: // SHORT_BINBYTES
        return this.push(in_.slice(in_.u8()));
      case 0x42: // BINBYTES
        return this.push(in_.slice(in_.u32()));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.push(in_.slice(in_.size64()));
      default:
        return false;
    }
  }

  /** Containers, the stack, the memo, framing. */
  private container(operation: number): boolean {
    const in_ = this.in_;
    switch (operation) {
      case 0x80: // PROTO
        in_.take(1);
        return true;
      case 0x95: // FRAME
        in_.take(8);
        return true;
      case 0x28: // MARK
        this.stack.push(MARK);
        return true;
      case 0x30: // POP
        if (this.stack.pop() === undefined) throw this.underflow();
        return true;
      case 0x31: // POP_MARK
        this.toMark();
        return true;
      case 0x32: // DUP
        return this.push(this.top());
      case 0x29: // EMPTY_TUPLE
        return this.push(new PyTuple([]));
      case 0x74: // TUPLE
        return this.push(new PyTuple(this.toMark()));
      case 0x85: // TUPLE1..3
      case 0x86:
      case 0x87:
        return this.push(new PyTuple(this.popMany(operation - 0x84)));
      case 0x5d: // EMPTY_LIST
        return this.push(new PyList());
      case 0x6c: // LIST
        return this.extend(new PyList(), this.toMark());
      case 0x61: // APPEND
        return this.append([this.pop()]);
      case 0x65: // APPENDS
        return this.append(this.toMark());
      case 0x7d: // EMPTY_DICT
        return this.push(new PyDict());
      case 0x64: // DICT
        return this.fill(new PyDict(), this.toMark(), true);
      case 0x73: // SETITEM
        return this.setItems(this.popMany(2));
      case 0x75: // SETITEMS
        return this.setItems(this.toMark());
      case 0x8f: // EMPTY_SET
        return this.push(new PySet());
      case 0x90: // ADDITEMS
        return this.append(this.toMark());
      case 0x91: // FROZENSET
        return this.extend(new PySet(), this.toMark());
      case 0x70: // PUT
        return this.remember(Number(in_.line()));
      case 0x71: // BINPUT
        return this.remember(in_.u8());
      case 0x72: // LONG_BINPUT
        return this.remember(in_.u32());
      case 0x94: // MEMOIZE
        return this.remember(this.memo.size);
      case 0x67: // GET
        return this.recall(Number(in_.line()));
      case 0x68: // BINGET
        return this.recall(in_.u8());
      case 0x6a: // LONG_BINGET
        return this.recall(in_.u32());
      default:
        return false;
    }
  }

  /** What a pickle would import and call. */
  private object(operation: number): boolean {
    const in_ = this.in_;
    switch (operation) {
      case 0x63: // GLOBAL
        return this.global(in_.line(), in_.line());
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popMany(2);
        return this.global(String(module), String(name));
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callee, args] = this.popMany(2);
        return this.push(symbolicCall(callee!, args!));
      }
      case 0x92: {
        // NEWOBJ_EX
        const [callee, args] = this.popMany(3);
        return this.push(symbolicCall(callee!, args!));
      }
      case 0x62: // BUILD
        return this.build(this.pop());
      case 0x69: {
        // INST
        const callee = this.note(in_.line(), in_.line());
        return this.push(symbolicCall(callee, new PyTuple(this.toMark())));
      }
      case 0x6f: {
        // OBJ
        const [callee, ...args] = this.toMark();
        return this.push(symbolicCall(callee ?? null, new PyTuple(args)));
      }
      case 0x50: // PERSID
        return this.push(storageOf(in_.line()));
      case 0x51: // BINPERSID
        return this.push(storageOf(this.pop()));
      case 0x82: // EXT1..4: names registered in a process; there is none
        in_.take(1);
        return this.push(new PyCall(null, null));
      case 0x83:
        in_.take(2);
        return this.push(new PyCall(null, null));
      case 0x84:
        in_.take(4);
        return this.push(new PyCall(null, null));
      case 0x97: // NEXT_BUFFER: bytes outside the file
        return this.push(null);
      case 0x98: // READONLY_BUFFER
        return true;
      default:
        return false;
    }
  }

  private push(value: PyValue): true {
    this.stack.push(value);
    return true;
  }

  private pop(): PyValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw this.underflow();
    return value;
  }

  private popMany(count: number): PyValue[] {
    const values: PyValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.pop());
    return values.reverse();
  }

  private top(): PyValue {
    const value = this.stack.at(-1);
    if (value === undefined || value === MARK) throw this.underflow();
    return value;
  }

  private toMark(): PyValue[] {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw this.underflow();
    const values = this.stack.splice(at).slice(1);
    return values as PyValue[];
  }

  private underflow(): ReadError {
    return malformed(`${this.in_.what}: the pickle takes more than it has put`);
  }

  private long(length: number): PyValue {
    if (length > MAX_INTEGER_BYTES) throw malformed(`${this.in_.what}: an integer of ${length} bytes`);
    const bytes = this.in_.slice(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    if (length > 0 && (bytes[length - 1]! & 0x80) !== 0) value -= 1n << BigInt(8 * length);
    return narrow(value);
  }

  private extend(into: PyList | PySet, values: readonly PyValue[]): true {
    for (const v of values) into.items.push(v);
    return this.push(into);
  }

  private append(values: readonly PyValue[]): true {
    const target = this.top();
    if (target instanceof PyList || target instanceof PySet) for (const v of values) target.items.push(v);
    return true;
  }

  private fill(dict: PyDict, values: readonly PyValue[], push: boolean): true {
    for (let i = 0; i + 1 < values.length; i += 2) dict.entries.set(values[i]!, values[i + 1]!);
    return push ? this.push(dict) : true;
  }

  private setItems(values: readonly PyValue[]): true {
    const target = this.top();
    return target instanceof PyDict ? this.fill(target, values, false) : true;
  }

  private remember(index: number): true {
    if (!Number.isSafeInteger(index) || index < 0) throw malformed(`${this.in_.what}: memo index`);
    this.memo.set(index, this.top());
    return true;
  }

  private recall(index: number): true {
    const value = this.memo.get(index);
    if (value === undefined)
      throw malformed(`${this.in_.what}: the pickle refers to something it never made`);
    return this.push(value);
  }

  private note(module: string, name: string): PyGlobal {
    const global = new PyGlobal(module.trimEnd(), name.trimEnd());
    const known = this.globals.get(global.path);
    if (known) return known;
    this.globals.set(global.path, global);
    return global;
  }

  private global(module: string, name: string): true {
    return this.push(this.note(module, name));
  }

  private build(state: PyValue): true {
    const target = this.top();
    if (target instanceof PyCall || target instanceof PyDict) target.state = state;
    else if (target instanceof PyTensor) return true;
    return true;
  }
}

function textInteger(text: string): PyValue {
  const digits = text.trim();
  if (digits === '00') return false;
  if (digits === '01') return true;
  if (!/^-?\d{1,2500}$/.test(digits)) throw malformed('a pickle with a number that is none');
  return narrow(BigInt(digits));
}

function narrow(value: bigint): number | bigint {
  const n = Number(value);
  return Number.isSafeInteger(n) ? n : value;
}
