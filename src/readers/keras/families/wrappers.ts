import {
  type Layer,
  type LayerCall,
  type RecurrentLayer,
  type Shape,
  add,
  constant,
  dimKey,
  isRecurrent,
  message,
  mul,
} from '../../../model';
import type { LayerSpec } from '../spec';
import type { BuildContext } from '../context';
import { type LayerRun, type Shapes, Site, whole } from '../site';
import { snakeCase } from '../names';

const MERGE_MODES = ['concat', 'sum', 'mul', 'ave'] as const;

/** `TimeDistributed(layer)`: the layer sees each step alone, with the same weights. */
export function timeDistributed(site: Site): LayerRun {
  const inner = site.layer('layer');
  if (!inner) return opaque(site);
  const steps = site.input?.[1];
  const without: Shapes = site.inputs.map((s) => (s && s.length >= 3 ? [s[0]!, ...s.slice(2)] : undefined));
  const run = site.build(
    site.inner(inner, site.path, without, {
      ...site.around,
      times: mul(site.around.times ?? constant(1), steps ?? site.openSteps()),
      wrappers: [...(site.around.wrappers ?? []), site.spec.className],
      first: false,
    }),
  );
  const outputs = run.outputs.map((o) => {
    const inner = whole(o);
    if (inner && steps) return [inner[0]!, steps, ...inner.slice(1)];
    return o && !inner ? o : undefined;
  });
  return { layers: run.layers, outputs };
}

/** `Bidirectional(layer, merge_mode, backward_layer)`: two layers over the same input. */
export function bidirectional(site: Site): LayerRun {
  const forward = site.layer('layer') ?? site.layer('forward_layer');
  if (!forward) return opaque(site);
  const wrappers = [...(site.around.wrappers ?? []), 'Bidirectional'];
  const backward = site.layer('backward_layer');
  const mode = mergeMode(site);
  if (backward && backward.className !== forward.className) {
    return twoLayers(site, forward, backward, wrappers, mode);
  }
  const run = site.build(site.inner(forward, site.path, site.inputs, { ...site.around, wrappers }));
  if (backward && !sameSizes(site, run, backward, wrappers)) {
    return twoLayers(site, forward, backward, wrappers, mode);
  }
  const outputs = merged([run.outputs, run.outputs], mode, returnsState(forward));
  const last = run.layers.length - 1;
  const layers = run.layers.map((layer, i): Layer => {
    const calls = layer.calls?.map((c) => (i === last ? withOutput(c, outputs[0]) : c));
    if (isRecurrent(layer)) {
      return { ...layer, calls, directions: constant(2), ...(mode ? { mergeMode: mode } : {}) };
    }
    if (layer.kind === 'conv-lstm') return { ...layer, calls, directions: constant(2) };
    return layer;
  });
  return { layers, outputs };
}

function withOutput(call: LayerCall, output: Shape | undefined): LayerCall {
  const { inputs, steps, batch, times, source } = call;
  return {
    inputs,
    ...(output ? { output } : {}),
    ...(steps ? { steps } : {}),
    ...(batch ? { batch } : {}),
    times,
    ...(source ? { source } : {}),
  };
}

type MergeMode = NonNullable<RecurrentLayer['mergeMode']>;

/** undefined: the mode is not known. `None` in Keras is our `none`. */
function mergeMode(site: Site): MergeMode | undefined {
  if (!site.spec.config.has('merge_mode')) return 'concat';
  const value = site.get('merge_mode');
  if (value === null) return 'none';
  return MERGE_MODES.find((m) => m === value);
}

function returnsState(spec: LayerSpec): boolean {
  return spec.config.get('return_state') === true;
}

/** Does a given backward layer have the forward one's sizes? */
function sameSizes(site: Site, run: LayerRun, backward: LayerSpec, wrappers: readonly string[]): boolean {
  // Only looked at: what is built here has no place in the model.
  const ctx = Object.create(site.ctx, { home: { value: (_: object, path: string) => path } }) as BuildContext;
  const probe = new Site(backward, site.path, site.inputs, ctx, site.build, { ...site.around, wrappers });
  const other = site.build(probe);
  const size = (r: LayerRun) =>
    JSON.stringify(
      r.layers.map((l) =>
        isRecurrent(l)
          ? [l.kind, dimKey(l.hiddenSize), dimKey(l.bias), l.resetAfter && dimKey(l.resetAfter)]
          : l.kind,
      ),
    );
  return size(run) === size(other);
}

function twoLayers(
  site: Site,
  forward: LayerSpec,
  backward: LayerSpec,
  wrappers: readonly string[],
  mode: MergeMode | undefined,
): LayerRun {
  const at = (spec: LayerSpec, prefix: string) =>
    site.build(
      site.inner(spec, `${site.path}.${prefix}_${spec.name ?? snakeCase(spec.className)}`, site.inputs, {
        ...site.around,
        wrappers,
      }),
    );
  const runs = [at(forward, 'forward'), at(backward, 'backward')];
  return {
    layers: runs.flatMap((r) => r.layers),
    outputs: merged(
      runs.map((r) => r.outputs),
      mode,
      returnsState(forward),
    ),
  };
}

/** Joins what two directions give: `concat` along the last axis, elementwise, or both apart. */
function merged(runs: readonly Shapes[], mode: MergeMode | undefined, state: boolean): Shapes {
  const [forward, backward] = runs as [Shapes, Shapes];
  const states = state ? [...forward.slice(1), ...backward.slice(1)] : [];
  const [f, b] = [forward[0], backward[0]];
  if (mode === 'none') return [f, b, ...states];
  if (mode === undefined || !f || !b) return [undefined, ...states];
  return [mode === 'concat' ? concatLast(f, b) : f, ...states];
}

function concatLast(f: Shape, b: Shape): Shape {
  return [...f.slice(0, -1), add(f.at(-1)!, b.at(-1)!)];
}

function opaque(site: Site): LayerRun {
  const reason = message('the layer inside {0} cannot be read', site.path);
  return {
    layers: [{ kind: 'unknown', reason, dependsOn: [], ...site.base(undefined) }],
    outputs: [undefined],
  };
}
