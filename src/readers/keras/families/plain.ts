import {
  BATCH,
  type Dim,
  type ParameterLayer,
  type Shape,
  SEQ_LEN,
  constant,
  message,
  valueOf,
} from '../../../model';
import { isList } from '../spec';
import { type LayerRun, type Site, weightless } from '../site';

type PlainKind = Parameters<typeof weightless>[1];

/** A layer without weights that changes no shape. */
export function same(kind: PlainKind, op: string): (site: Site) => LayerRun {
  return (site) => weightless(site, kind, op, site.raw[0]);
}

/** `Activation('relu')` and the like: the op is the function's name. */
export function activationLayer(site: Site): LayerRun {
  return weightless(site, 'activation', site.text('activation') ?? 'activation', site.raw[0]);
}

/** `PReLU`: one slope per value, but for the axes it shares. */
export function prelu(site: Site): LayerRun {
  const shared = site.axes('shared_axes', []) ?? [];
  const axes = (site.input ?? []).slice(1);
  const shape: Shape = site.input
    ? axes.map((d, i) => (shared.includes(i + 1) ? constant(1) : site.weightAxis(0, [d], `alpha[${i}]`)))
    : [site.weightAxis(0, undefined, 'alpha')];
  const layer: ParameterLayer = { kind: 'parameter', ...site.base(site.input), shape };
  return { layers: [layer], outputs: [site.input] };
}

/** `Lambda` and tensor operations: no weights; what comes out is known when it could be followed. */
export function lambda(site: Site): LayerRun {
  const followed = site.spec.outputOf?.(site.inputs);
  const given = site.list('output_shape');
  const outputs = followed ?? [given ? [site.input?.[0] ?? BATCH, ...given] : undefined];
  const run = weightless(site, 'other', site.text('op') ?? 'lambda', outputs[0]);
  return { ...run, outputs };
}

/** `InputLayer`. */
export function input(site: Site): LayerRun {
  return weightless(site, 'input', 'input', inputShape(site));
}

/**
 * The shape an input declares (`shape`, `batch_shape`, or the `input_shape`, `batch_input_shape`, `input_dim` keywords of a first layer),
 * batch axis included; undefined when it declares none. The first open axis is the sequence length.
 */
export function inputShape(site: Site): Shape | undefined {
  const withBatch = ['batch_shape', 'batch_input_shape'].map((f) => site.get(f)).find(isList);
  if (withBatch) return openShape(site, withBatch.slice(1), withBatch[0] ?? null);
  const field = ['shape', 'input_shape'].find((f) => site.has(f));
  const batch = site.get('batch_size') ?? null;
  if (field) {
    const value = site.get(field);
    if (isList(value)) return openShape(site, value, batch);
    // Keras 2 takes `Input(10)` for `Input((10,))`.
    if (typeof value === 'number') return openShape(site, [value], batch);
    return undefined;
  }
  if (!site.has('input_dim') || site.spec.className === 'Embedding') {
    return site.has('input_length') ? openShape(site, lengthOf(site), batch) : undefined;
  }
  const features = site.get('input_dim')!;
  const recurrent = site.has('input_length') || RANK3.has(site.spec.className);
  return openShape(site, recurrent ? [site.get('input_length') ?? null, features] : [features], batch);
}

/** Layers whose `input_dim` keyword means features of a sequence. */
const RANK3 = new Set([
  'SimpleRNN',
  'LSTM',
  'GRU',
  'CuDNNLSTM',
  'CuDNNGRU',
  'RNN',
  'Bidirectional',
  'Conv1D',
  'TimeDistributed',
]);

function lengthOf(site: Site) {
  const value = site.get('input_length');
  return isList(value) ? value : [value ?? null];
}

type Axis = Parameters<Site['toDim']>[0];

function openShape(site: Site, axes: readonly Axis[], batch: Axis): Shape {
  let open = 0;
  const dims = axes.map((axis, i): Dim => {
    const dim = axis === null || axis === undefined ? undefined : site.toDim(axis, `shape[${i}]`);
    if (dim && valueOf(dim) !== -1) return dim;
    if (open++ === 0 && i === 0) return SEQ_LEN;
    return site.ctx.openAxis(
      `${site.path || 'input'}.axis${i + 1}`,
      message('axis {0} of {1} is open (None)', i + 1, site.path || 'input'),
      site.spec.source,
    );
  });
  return [batch === null ? BATCH : site.toDim(batch, 'batch_size'), ...dims];
}
