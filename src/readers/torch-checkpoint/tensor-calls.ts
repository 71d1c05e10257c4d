import { PyCall, PyDict, PyGlobal, PyList, PyStorage, PyTensor, PyTuple, type PyValue } from './values';

const STORAGE_DTYPES: Readonly<Record<string, string>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
  QInt8Storage: 'qint8',
  QUInt8Storage: 'quint8',
  QInt32Storage: 'qint32',
};

const REBUILD_TENSOR = new Set([
  '_rebuild_tensor',
  '_rebuild_tensor_v2',
  '_rebuild_tensor_v3',
  '_rebuild_qtensor',
]);
/** More axes than any framework allows mean that it is not a shape. */
const MAX_RANK = 64;

/**
 * What calling `callee` with `args` would have given, for the few constructors that state dicts are made of;
 * everything else stays a {@link PyCall}, a note of a call that is not made.
 */
export function symbolicCall(callee: PyValue, args: PyValue): PyValue {
  if (!(callee instanceof PyGlobal) || !(args instanceof PyTuple)) return new PyCall(callee, args);
  const { items } = args;
  if (callee.module === 'torch._utils') {
    if (REBUILD_TENSOR.has(callee.name)) return tensor(callee.name, items) ?? new PyCall(callee, args);
    if (callee.name === '_rebuild_parameter' || callee.name === '_rebuild_parameter_with_state') {
      return parameter(items) ?? new PyCall(callee, args);
    }
  }
  if (callee.module === 'torch._tensor' && callee.name === '_rebuild_from_type_v2') {
    const inner = items[2];
    if (items[0] instanceof PyGlobal && inner instanceof PyTuple) return symbolicCall(items[0], inner);
  }
  if (callee.module === 'collections' && (callee.name === 'OrderedDict' || callee.name === 'defaultdict')) {
    return orderedDict(items[0]);
  }
  return new PyCall(callee, args);
}

function tensor(name: string, items: readonly PyValue[]): PyTensor | undefined {
  const [storage, offset, shape, stride, fifth] = items;
  const [dims, steps] = [sizes(shape), sizes(stride)];
  if (!(storage instanceof PyStorage) || typeof offset !== 'number' || !dims || !steps) return undefined;
  // v3 names the dtype, because its storages have none.
  const seventh = items[6];
  const own = name === '_rebuild_tensor_v3' && seventh instanceof PyGlobal ? seventh.name : undefined;
  const dtype = own ?? storage.dtype;
  if (dtype === undefined || !Number.isSafeInteger(offset) || offset < 0) return undefined;
  const requiresGrad = name === '_rebuild_tensor_v2' && fifth === true;
  return new PyTensor(storage, dtype, offset, dims, steps, requiresGrad, false);
}

function parameter(items: readonly PyValue[]): PyTensor | undefined {
  const [data, requiresGrad] = items;
  if (!(data instanceof PyTensor)) return undefined;
  return new PyTensor(
    data.storage,
    data.dtype,
    data.offset,
    data.shape,
    data.stride,
    requiresGrad !== false,
    true,
  );
}

function sizes(value: PyValue | undefined): readonly number[] | undefined {
  const items = value instanceof PyTuple || value instanceof PyList ? value.items : undefined;
  if (!items || items.length > MAX_RANK) return undefined;
  const ok = items.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0);
  return ok ? (items as readonly number[]) : undefined;
}

/** Python 2 and old PyTorch write `OrderedDict([[key, value], …])`; newer ones fill an empty one afterwards. */
function orderedDict(pairs: PyValue | undefined): PyDict {
  const dict = new PyDict();
  if (pairs instanceof PyList) {
    for (const pair of pairs.items) {
      const items = pair instanceof PyList || pair instanceof PyTuple ? pair.items : [];
      if (items.length === 2) dict.entries.set(items[0]!, items[1]!);
    }
  }
  return dict;
}

/** The storage a persistent id stands for: `('storage', type, key, location, count[, view])`. */
export function storageOf(id: PyValue): PyValue {
  // Old files keep a module's class with its source text: `('module', class, file, source)`.
  if (id instanceof PyTuple && id.items[0] === 'module') return id.items[1] ?? null;
  if (!(id instanceof PyTuple) || id.items[0] !== 'storage') return new PyCall(null, id);
  const [, type, key, , count] = id.items;
  if (!(type instanceof PyGlobal) || typeof key !== 'string' || typeof count !== 'number') {
    return new PyCall(null, id);
  }
  return new PyStorage(STORAGE_DTYPES[type.name], key, count);
}
