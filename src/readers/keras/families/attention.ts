import {
  type AttentionLayer,
  type DenseLayer,
  type Dim,
  type Shape,
  constant,
  message,
  mul,
} from '../../../model';
import type { LayerRun, Site } from '../site';

const ONE = constant(1);
const ZERO = constant(0);

/** `Attention([query, value, key?])` and `AdditiveAttention`: scores without projections. */
export function plainAttention(kind: 'attention' | 'additive-attention'): (site: Site) => LayerRun {
  return (site) => {
    const [query, value, key = value] = site.inputs;
    const valueSize = site.weightAxis(-1, value, 'value_size');
    const keySize = site.weightAxis(-1, key, 'key_size');
    const output: Shape | undefined = query && value && [...query.slice(0, -1), value.at(-1)!];
    const layer: AttentionLayer = {
      kind,
      ...site.base(output, { useScale: 'use_scale', concatScore: 'score_mode' }),
      querySize: site.weightAxis(-1, query, 'query_size'),
      keySize,
      valueSize,
      numHeads: ONE,
      keyDim: keySize,
      valueDim: valueSize,
      outputSize: valueSize,
      bias: ZERO,
      useScale: site.flag('use_scale', kind === 'additive-attention'),
      ...(kind === 'attention'
        ? { concatScore: constant(site.text('score_mode') === 'concat' ? 1 : 0) }
        : {}),
    };
    return { layers: [layer], outputs: withScores(site, output, scores(query, key)) };
  };
}

/** `MultiHeadAttention(query, value, key?)`. */
export function multiHead(site: Site): LayerRun {
  const [query, value = query, key = value] = site.inputs;
  const numHeads = site.dim('num_heads');
  const keyDim = site.dim('key_dim');
  const valueDim = site.has('value_dim') ? site.dim('value_dim') : keyDim;
  const given = site.list('output_shape');
  const querySize = site.weightAxis(-1, query, 'query_size');
  const outputSize = given ? mul(...given) : querySize;
  const output: Shape | undefined = query && [...query.slice(0, -1), ...(given ?? [querySize])];
  const layer: AttentionLayer = {
    kind: 'multi-head-attention',
    ...site.base(output, {
      numHeads: 'num_heads',
      keyDim: 'key_dim',
      valueDim: 'value_dim',
      outputSize: 'output_shape',
      bias: 'use_bias',
    }),
    querySize,
    keySize: site.weightAxis(-1, key, 'key_size'),
    valueSize: site.weightAxis(-1, value, 'value_size'),
    numHeads,
    keyDim,
    valueDim,
    outputSize,
    bias: site.flag('use_bias', true),
  };
  const score = scores(query, key);
  const byHead: Shape | undefined = score && [score[0]!, numHeads, ...score.slice(1)];
  const gate = site.bool('use_gate', false)
    ? [projection(site, 'gate', querySize, mul(numHeads, valueDim), output)]
    : [];
  return { layers: [layer, ...gate], outputs: withScores(site, output, byHead) };
}

/** `GroupedQueryAttention`: four projections, with fewer heads for keys and values. */
export function groupedQuery(site: Site): LayerRun {
  const [query, value = query, key = value] = site.inputs;
  const head = site.dim('head_dim');
  const queryHeads = mul(site.dim('num_query_heads'), head);
  const keyHeads = mul(site.dim('num_key_value_heads'), head);
  const querySize = site.weightAxis(-1, query, 'query_size');
  const layers = [
    projection(site, 'query', querySize, queryHeads, query),
    projection(site, 'key', site.weightAxis(-1, key, 'key_size'), keyHeads, key),
    projection(site, 'value', site.weightAxis(-1, value, 'value_size'), keyHeads, value),
    projection(site, 'attention_output', queryHeads, querySize, query),
  ];
  return { layers, outputs: [query] };
}

function projection(
  site: Site,
  name: string,
  inputSize: Dim,
  outputSize: Dim,
  over: Shape | undefined,
): DenseLayer {
  const lead = over?.slice(0, -1);
  return {
    kind: 'dense',
    ...site.base(undefined),
    path: `${site.path}.${name}`,
    calls: [
      {
        ...site.call(lead && [...lead, outputSize]),
        inputs: [lead && [...lead, inputSize]],
      },
    ],
    inputSize,
    outputSize,
    bias: site.flag('use_bias', true),
  };
}

function scores(query: Shape | undefined, key: Shape | undefined): Shape | undefined {
  const length = key?.at(-2);
  return query && length && [...query.slice(0, -1), length];
}

function withScores(site: Site, output: Shape | undefined, score: Shape | undefined): (Shape | undefined)[] {
  const wanted = site.around.callConfig?.get('return_attention_scores');
  if (typeof wanted === 'object' && wanted !== null) {
    site.unknown(
      'return_attention_scores',
      message('whether {0} returns its scores cannot be told', site.path),
    );
  }
  return wanted === true ? [output, score] : [output];
}
