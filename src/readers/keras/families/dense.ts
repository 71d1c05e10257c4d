import {
  BATCH,
  type DenseLayer,
  type Dim,
  type ParameterLayer,
  type Shape,
  constant,
  message,
  mul,
} from '../../../model';
import { isList } from '../spec';
import { type LayerRun, type Site, onlyLast } from '../site';
import { activation } from './conv';

/** `Dense`: works on the last axis. */
export function dense(site: Site): LayerRun {
  const units = site.dim('units');
  const output: Shape = site.input ? [...site.input.slice(0, -1), units] : onlyLast(units);
  const layer: DenseLayer = {
    kind: 'dense',
    ...site.base(output, { outputSize: 'units', bias: 'use_bias', activation: 'activation' }),
    inputSize: site.weightAxis(-1),
    outputSize: units,
    bias: site.flag('use_bias', true),
    ...activation(site),
  };
  return { layers: [layer], outputs: [output] };
}

/** `Embedding`: adds the embedding axis behind what comes in. */
export function embedding(site: Site): LayerRun {
  const embeddingSize = site.dim('output_dim');
  const output: Shape = [...(site.input ?? [BATCH, site.openSteps()]), embeddingSize];
  return {
    layers: [
      {
        kind: 'embedding',
        ...site.base(output, { vocabularySize: 'input_dim', embeddingSize: 'output_dim' }),
        vocabularySize: site.dim('input_dim'),
        embeddingSize,
      },
    ],
    outputs: [output],
  };
}

/** `EinsumDense`: a dense layer when its kernel is (summed axes) × (new axes), else free weights. */
export function einsumDense(site: Site): LayerRun {
  const parsed = parseEquation(site.text('equation'));
  const shape = site.input;
  const outputShape = partialShape(site);
  if (!parsed || !shape || !outputShape) {
    return {
      layers: [
        {
          kind: 'unknown',
          reason: message('the equation of {0} cannot be followed', site.path),
          dependsOn: [],
          ...site.base(undefined),
        },
      ],
      outputs: [undefined],
    };
  }
  const sizes = new Map<string, Dim>();
  alignRight(parsed.input, shape, sizes);
  const fullOutput = alignOutput(parsed.output, outputShape, shape, parsed, sizes);
  const sizeOf = (letter: string) =>
    site.weightAxis(0, sizes.has(letter) ? [sizes.get(letter)!] : undefined, letter);
  const kernel = [...parsed.kernel].map(sizeOf);
  const biasAxes = site.text('bias_axes') ?? '';
  const summed = [...parsed.kernel].filter((c) => !parsed.output.includes(c));
  const fresh = [...parsed.kernel].filter((c) => !parsed.input.includes(c));
  const plain =
    summed.length + fresh.length === parsed.kernel.length &&
    (biasAxes === '' || (biasAxes.length === fresh.length && fresh.every((c) => biasAxes.includes(c))));
  if (plain) {
    const layer: DenseLayer = {
      kind: 'dense',
      ...site.base(fullOutput, { outputSize: 'output_shape' }),
      inputSize: mul(...summed.map(sizeOf)),
      outputSize: mul(...fresh.map(sizeOf)),
      bias: constant(biasAxes === '' ? 0 : 1),
      ...activation(site),
    };
    return { layers: [layer], outputs: [fullOutput] };
  }
  const weights: ParameterLayer[] = [
    { kind: 'parameter', ...site.base(fullOutput), path: `${site.path}.kernel`, shape: kernel },
  ];
  if (biasAxes !== '') {
    weights.push({
      kind: 'parameter',
      ...site.base(fullOutput),
      path: `${site.path}.bias`,
      shape: [...biasAxes].map(sizeOf),
    });
  }
  return { layers: weights, outputs: [fullOutput] };
}

/** `output_shape` without the batch axis; `None` stands for an axis that comes from the input. */
function partialShape(site: Site): readonly (Dim | undefined)[] | undefined {
  const value = site.get('output_shape');
  if (!isList(value)) return site.list('output_shape');
  return value.map((v, i) => (v === null ? undefined : site.toDim(v, `output_shape[${i}]`)));
}

interface Equation {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
  readonly ellipsis: boolean;
}

/** `abc,cd->abd`, with an ellipsis in front or behind at most. */
function parseEquation(text: string | undefined): Equation | undefined {
  const parts = text?.replaceAll(' ', '').split('->');
  const operands = parts?.[0]?.split(',');
  if (parts?.length !== 2 || operands?.length !== 2) return undefined;
  const [input, kernel, output] = [operands[0]!, operands[1]!, parts[1]!];
  if (input.endsWith('...')) return undefined;
  return {
    input: input.replace('...', ''),
    kernel,
    output: output.replace('...', ''),
    ellipsis: input.startsWith('...'),
  };
}

function alignRight(letters: string, shape: Shape, sizes: Map<string, Dim>): void {
  for (let i = 1; i <= letters.length; i++) {
    const dim = shape.at(-i);
    if (dim) sizes.set(letters.at(-i)!, dim);
  }
}

function alignOutput(
  letters: string,
  given: readonly (Dim | undefined)[],
  input: Shape,
  eq: Equation,
  sizes: Map<string, Dim>,
): Shape {
  for (let i = 1; i <= Math.min(letters.length, given.length); i++) {
    const letter = letters.at(-i)!;
    const dim = given.at(-i);
    if (dim && !sizes.has(letter)) sizes.set(letter, dim);
  }
  const lead = eq.ellipsis ? input.slice(0, input.length - eq.input.length) : [];
  return [...lead, ...[...letters].map((c) => sizes.get(c) ?? BATCH)];
}
