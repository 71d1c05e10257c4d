import { cellOf, valueOf, type Initialisers, type RecurrentLayer } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { str } from '../../evaluate/make';
import type {
  Arguments,
  LayerDraft,
  ObjectValue,
  SliceValue,
  TensorValue,
  Value,
} from '../../evaluate/values';
import { tensorNames } from './parameters';
import { infoOf } from './shapes';

/*
 * How a layer's weights start: `nn.init.orthogonal_(self.rnn.weight_hh_l0)`, `p.data[n : 2 * n].fill_(1)`. What is written to a
 * tensor is kept among its owner's names, in the words of the source, and put together when the layer is.
 */

const START = '%start:';

/** Names that hold a start, not a part of the model. */
export function isStart(name: string): boolean {
  return name.startsWith(START);
}

/** Rows of a layer's own tensor; `undefined` rows are rows that cannot be told. */
interface Place {
  readonly owner: ObjectValue;
  readonly tensor: string;
  readonly rows?: readonly [number, number] | 'unclear';
}

function placeOf(value: Value): Place | undefined {
  if (value.kind !== 'tensor') return undefined;
  const { owner, tensor, rows } = infoOf(value);
  if (rows) return rows;
  return owner?.draft && tensor !== undefined && isRecurrentDraft(owner.draft)
    ? { owner, tensor }
    : undefined;
}

function isRecurrentDraft({ kind }: LayerDraft): boolean {
  return ['rnn', 'lstm', 'gru', 'rnn-cell', 'lstm-cell', 'gru-cell'].includes(kind);
}

/** A draft that {@link isRecurrentDraft}: a recurrent layer but for its place in the model. */
function recurrentOf(draft: LayerDraft): RecurrentLayer {
  return draft as unknown as RecurrentLayer;
}

function keyOf({ tensor, rows }: Place): string {
  return `${START}${tensor}${rows === undefined ? '' : rows === 'unclear' ? '[?]' : `[${rows[0]}:${rows[1]}]`}`;
}

/** Notes that the values of a tensor (or of rows of it) are replaced as `text` says. */
export function noteStart(value: Value, text: string, host: Host): void {
  const place = placeOf(value);
  if (!place) return;
  const { names } = place.owner;
  if (place.rows === undefined)
    for (const name of [...names.keys()])
      if (name.startsWith(`${START}${place.tensor}[`)) host.deleteName(names, name);
  host.setName(names, keyOf(place), str(text));
}

/** `w.data[a:b] = 1`, `w.data = other` */
export function noteAssigned(target: Value, value: Value, host: Host): void {
  const number = argument(value, host);
  noteStart(target, number === '?' || value.kind === 'str' ? 'assigned' : `fill_(${number})`, host);
}

/** `nn.init.xavier_uniform_(w, gain=2)` */
export function noteInitCall(name: string, args: Arguments, host: Host): void {
  const target = args.positional[0]?.value ?? args.keywords.get('tensor')?.value;
  if (target) noteStart(target, called(name.slice(name.lastIndexOf('.') + 1), args, 1, host), host);
}

/** `w.data.uniform_(-a, a)`, and every other method that ends as those do that write in place. */
export function noteMethod(self: TensorValue, name: string, args: Arguments, host: Host): void {
  if (!name.endsWith('_') || NOT_WRITING.has(name)) return;
  const place = placeOf(self);
  if (!place) return;
  const before = place.owner.names.get(keyOf(place));
  const text = called(name, args, 0, host);
  noteStart(self, combined(before?.kind === 'str' ? before.value : undefined, text, args), host);
}

const NOT_WRITING = new Set(['requires_grad_', 'detach_', 'share_memory_', 'retain_grad_']);

/** Two steps that make one start: the logarithm of a uniform draw, its copy, the copy's negative. */
function combined(before: string | undefined, text: string, args: Arguments): string {
  const uniform = /^uniform_\(1, (\d+)\)$/.exec(before ?? '');
  if (text === 'log_()' && uniform) return `chrono(${Number(uniform[1]) + 1})`;
  if (text === 'neg_()' && before?.startsWith('chrono(')) return `-${before}`;
  const from = text.startsWith('copy_(') ? args.positional[0]?.value : undefined;
  const source = from && placeOf(from);
  const copied = source?.owner.names.get(keyOf(source));
  if (copied?.kind === 'str') return copied.value;
  // A write in place on top of something else (`mul_`, `clamp_`) leaves neither.
  return before === undefined || REPLACES.test(text) ? text : `${before}.${text}`;
}

const REPLACES = /^(fill|zero|uniform|normal|copy|set|exponential|random)_\(/;

/** `w[a:b]`: the rows of a layer's own tensor. */
export function rowsAt(tensor: TensorValue, index: Value, host: Host): Place | undefined {
  const whole = placeOf(tensor);
  if (!whole) return undefined;
  const length = tensor.shape?.[0] && valueOf(tensor.shape[0]);
  const rows = whole.rows === undefined && length !== undefined ? sliceRows(index, length, host) : 'unclear';
  return { owner: whole.owner, tensor: whole.tensor, rows };
}

function sliceRows(index: Value, length: number, host: Host): readonly [number, number] | 'unclear' {
  if (index.kind !== 'slice') return 'unclear';
  const [from, to] = [boundOf(index.lower, 0, host), boundOf(index.upper, length, host)];
  if (index.step.kind !== 'none' || from === undefined || to === undefined) return 'unclear';
  const at = (n: number): number => Math.min(Math.max(n < 0 ? n + length : n, 0), length);
  return [at(from), at(to)];
}

function boundOf(value: SliceValue['lower'], otherwise: number, host: Host): number | undefined {
  if (value.kind === 'none') return otherwise;
  const dim = value.kind === 'int' ? host.dim(value) : undefined;
  return dim && valueOf(dim);
}

/** The i-th of n equal parts of a layer's own tensor. */
export function partAt(tensor: TensorValue, i: number, n: number): Place | undefined {
  const whole = placeOf(tensor);
  if (!whole) return undefined;
  const length = tensor.shape?.[0] && valueOf(tensor.shape[0]);
  const known = whole.rows === undefined && length !== undefined && length % n === 0;
  const rows = known ? ([(i * length) / n, ((i + 1) * length) / n] as const) : 'unclear';
  return { owner: whole.owner, tensor: whole.tensor, rows };
}

/** A call in the framework's words, its arguments as numbers; `?` for what is not known. */
function called(name: string, { positional, keywords }: Arguments, skip: number, host: Host): string {
  const args = [
    ...positional.slice(skip).map(({ value }) => argument(value, host)),
    ...[...keywords]
      .filter(([key]) => key !== 'tensor' && key !== 'generator')
      .map(([key, { value }]) => `${key}=${argument(value, host)}`),
  ];
  return `${name}(${args.join(', ')})`;
}

function argument(value: Value, host: Host): string {
  if (value.kind === 'float' && value.value !== undefined) return String(value.value);
  if (value.kind === 'float' && value.quotient) {
    const [over, under] = [valueOf(value.quotient.over), valueOf(value.quotient.under)];
    if (over !== undefined && under) return String(over / under);
  }
  if (value.kind === 'str') return value.value;
  const dim = value.kind === 'int' || value.kind === 'bool' ? host.dim(value) : undefined;
  const number = dim && valueOf(dim);
  return number === undefined ? '?' : String(number);
}

/** What the source does to a recurrent layer's weights after making it; undefined when nothing. */
export function startsOf(object: ObjectValue): Initialisers | undefined {
  const { draft, names } = object;
  if (!draft || !isRecurrentDraft(draft) || ![...names.keys()].some(isStart)) return undefined;
  const tensors = tensorNames(draft);
  const hidden = valueOf(recurrentOf(draft).hiddenSize);
  const group = (prefix: string) =>
    sameFor(
      tensors.filter((t) => t.startsWith(prefix)),
      names,
    );
  const kernel = group('weight_ih');
  const recurrent = group('weight_hh');
  const [first, second] = [group('bias_ih'), group('bias_hh')];
  const written: Initialisers = {
    ...(kernel.whole !== undefined || kernel.parts.size > 0 ? { kernel: wholeText(kernel) } : {}),
    ...recurrentStart(recurrent, hidden),
    ...biasStart(first, second, hidden, draft),
  };
  const projected = group('weight_hr');
  return projected.whole === undefined && projected.parts.size === 0
    ? written
    : { ...written, kernel: `${wholeText(projected)} of the projection` };
}

/** What was written to tensors of one role: to all of each, and to rows of it. */
interface Start {
  readonly whole: string | undefined;
  readonly parts: ReadonlyMap<string, string>;
}

/** The same for every layer and direction, or words that no initialiser has. */
function sameFor(tensors: readonly string[], names: ObjectValue['names']): Start {
  const each = tensors.map((tensor) => {
    const text = (key: string): string => {
      const value = names.get(key);
      return value?.kind === 'str' ? value.value : 'one of several starts';
    };
    const parts = [...names.keys()].filter((n) => n.startsWith(`${START}${tensor}[`));
    const key = START + tensor;
    return {
      whole: names.has(key) ? text(key) : undefined,
      parts: new Map(parts.map((n) => [n.slice(key.length), text(n)])),
    };
  });
  const [one, ...others] = each;
  if (!one) return { whole: undefined, parts: new Map() };
  const form = (start: Start): string => JSON.stringify([start.whole, ...start.parts]);
  return others.every((o) => form(o) === form(one))
    ? one
    : { whole: 'of some layers only', parts: new Map() };
}

function wholeText({ whole, parts }: Start): string {
  return [
    ...(whole === undefined ? [] : [whole]),
    ...[...parts].map(([rows, text]) => `${text} for ${rows}`),
  ].join(', ');
}

function recurrentStart(start: Start, hidden: number | undefined): Initialisers {
  const { whole, parts } = start;
  if (whole === undefined && parts.size === 0) return {};
  const texts = new Set(parts.values());
  const gates = [...parts.keys()].map((rows) => /^\[(\d+):(\d+)\]$/.exec(rows));
  const byGate =
    whole === undefined &&
    texts.size === 1 &&
    hidden !== undefined &&
    gates.every((m) => m !== null && Number(m[2]) - Number(m[1]) === hidden);
  return byGate
    ? { recurrentKernel: [...texts][0]!, recurrentByGate: true }
    : { recurrentKernel: wholeText(start) };
}

/** PyTorch adds two biases: the same start for both, and the gate that remembers set in the first. */
function biasStart(first: Start, second: Start, hidden: number | undefined, draft: LayerDraft): Initialisers {
  if ([first, second].every((s) => s.whole === undefined && s.parts.size === 0)) return {};
  const unclear = { bias: `${wholeText(first) || 'as drawn'} + ${wholeText(second) || 'as drawn'}` };
  if (first.whole !== second.whole || hidden === undefined) return unclear;
  const bias = first.whole === undefined ? {} : { bias: first.whole };
  const remember = `[${hidden}:${2 * hidden}]`;
  const value = (start: Start): number | undefined => {
    const number = /^(?:fill_|constant_)\(([-\d.e]+)\)$/.exec(start.parts.get(remember) ?? '')?.[1];
    return number === undefined ? undefined : Number(number);
  };
  const gate = value(first);
  const cell = cellOf(recurrentOf(draft).kind);
  if (cell === 'rnn') return first.parts.size + second.parts.size === 0 ? bias : unclear;
  if (first.parts.size === 0 && second.parts.size === 0) return bias;
  if (second.parts.size === 0 && first.parts.size === 1 && gate !== undefined)
    return { ...bias, forgetBias: gate };
  // Set in both, and nothing was drawn: their sum.
  const other = value(second);
  const zeros = first.whole !== undefined && /^(zeros_|zero_|constant_\(0\)|fill_\(0\))/.test(first.whole);
  if (zeros && first.parts.size === 1 && second.parts.size === 1 && gate !== undefined && other !== undefined)
    return { ...bias, forgetBias: gate + other };
  const chrono = /^chrono\((\d+)\)$/.exec(first.parts.get(remember) ?? '')?.[1];
  const input = first.parts.get(`[0:${hidden}]`);
  const whole =
    cell === 'lstm' ? input === `-chrono(${chrono})` && first.parts.size === 2 : first.parts.size === 1;
  return chrono !== undefined && whole && second.parts.size === 0
    ? { ...bias, chrono: Number(chrono) }
    : unclear;
}
