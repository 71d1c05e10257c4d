import { type CellKind, type FlowSpec, type Framework } from '../../model';
import type { Alternative } from './alternatives';

/** How the layer is called where the code goes. */
export interface SnippetNames {
  readonly framework: Framework;
  /** The layer as an expression: `self.rnn`. */
  readonly layer: string;
}

/** A change of a layer's start, as Python: any of three parts may be empty. Lines have four spaces a level and no ends. */
export interface CodeSnippet {
  /** Imports and a function to define above, at the margin. */
  readonly above: readonly string[];
  /** Keyword arguments of the layer's constructor. */
  readonly arguments: readonly { readonly name: string; readonly value: string }[];
  /** Lines that follow the layer's construction. */
  readonly after: readonly string[];
}

/** The change that makes a layer start the way an alternative was run; undefined where there is none for this framework. */
export function snippetFor(
  { spec }: Pick<Alternative, 'spec'>,
  names: SnippetNames,
): CodeSnippet | undefined {
  if (names.framework === 'pytorch') return pytorch(spec, names.layer);
  if (names.framework === 'keras' || names.framework === 'keras2') return keras(spec);
  return undefined;
}

/** The parts of a snippet one below the other, to read or to copy. */
export function snippetText({ above, arguments: args, after }: CodeSnippet): string {
  const keywords = args.map(({ name, value }) => `${name}=${value}`).join(', ');
  return [above.join('\n'), keywords, after.join('\n')].filter((part) => part !== '').join('\n\n');
}

const NONE: CodeSnippet = { above: [], arguments: [], after: [] };

const GATES: Readonly<Record<CellKind, number>> = { lstm: 4, gru: 3, rnn: 1 };

// The new lines stand in the user's function: underscores keep their names apart from its own.
// PyTorch's gates lie in the order i, f, g, o and r, z, n: the one that remembers is the second.
function pytorch({ initialiser, cell, nonlinearity }: FlowSpec, layer: string): CodeSnippet | undefined {
  const gates = GATES[cell];
  const each = (tensor: string, ...body: readonly string[]): readonly string[] => [
    `for _name, _p in ${layer}.named_parameters():`,
    `    if _name.startswith("${tensor}"):`,
    ...body.map((line) => `        ${line}`),
  ];
  switch (initialiser.kind) {
    case 'forget-bias':
      // Only `bias_ih` is set, as PyTorch adds `bias_hh` to it.
      return {
        ...NONE,
        after: each(
          'bias_ih',
          `_n = _p.numel() // ${gates}`,
          `_p.data[_n : 2 * _n].fill_(${python(initialiser.value)})`,
        ),
      };
    case 'chrono':
      return {
        ...NONE,
        after: each(
          'bias_ih',
          `_n = _p.numel() // ${gates}`,
          '_p.data[_n : 2 * _n].uniform_(1, ' + `${Math.max(2, initialiser.maxSteps - 1)}).log_()`,
          ...(cell === 'lstm' ? ['_p.data[:_n].copy_(_p.data[_n : 2 * _n]).neg_()'] : []),
        ),
      };
    case 'orthogonal':
      return {
        ...NONE,
        after: each(
          'weight_hh',
          `for _gate in _p.data.chunk(${gates}):`,
          `    ${initFunction('orthogonal_')}(_gate${initialiser.gain === 1 ? '' : `, ${python(initialiser.gain)}`})`,
        ),
      };
    case 'identity':
      return {
        ...NONE,
        arguments:
          cell === 'rnn' && nonlinearity === 'relu' ? [{ name: 'nonlinearity', value: '"relu"' }] : [],
        after: [
          `for _name, _p in ${layer}.named_parameters():`,
          '    if _name.startswith("weight_hh"):',
          `        for _gate in _p.data.chunk(${gates}):`,
          `            ${initFunction('eye_')}(_gate)${initialiser.scale === 1 ? '' : `.mul_(${python(initialiser.scale)})`}`,
          '    elif _name.startswith("bias"):',
          '        _p.data.zero_()',
        ],
      };
    default:
      return undefined;
  }
}

/** Under the name by which everybody imports it. */
const initFunction = (name: string): string => `torch.nn.init.${name}`;

// Keras' gates lie in the order i, f, c, o and z, r, h.
function keras({ initialiser, cell, nonlinearity, bias }: FlowSpec): CodeSnippet | undefined {
  switch (initialiser.kind) {
    case 'forget-bias':
      if (cell !== 'lstm' || initialiser.value !== 1) return undefined;
      return { ...NONE, arguments: [{ name: 'unit_forget_bias', value: 'True' }] };
    case 'chrono': {
      if (cell === 'rnn' || !bias) return undefined;
      const steps = Math.max(2, initialiser.maxSteps - 1);
      const forget = `numpy.log(numpy.random.uniform(1, ${steps}, units))`;
      return {
        above: [
          // Bidirectional copies a layer by its configuration, which needs the function by name.
          'import keras',
          '',
          '',
          '@keras.saving.register_keras_serializable()',
          'def chrono_bias(shape, dtype=None):',
          `    """Chrono initialisation for dependencies of up to ${initialiser.maxSteps} steps (Tallec and Ollivier 2018)."""`,
          '    import numpy',
          '',
          `    units = shape[-1] // ${GATES[cell]}`,
          '    bias = numpy.zeros(shape, "float32")',
          ...(cell === 'lstm'
            ? [`    bias[units : 2 * units] = ${forget}`, '    bias[:units] = -bias[units : 2 * units]']
            : [`    bias.reshape(-1)[:units] = ${forget}`]),
          '    return bias',
        ],
        arguments: [
          { name: 'bias_initializer', value: 'chrono_bias' },
          ...(cell === 'lstm' ? [{ name: 'unit_forget_bias', value: 'False' }] : []),
        ],
        after: [],
      };
    }
    case 'orthogonal':
      if (initialiser.gain !== 1) return undefined;
      return { ...NONE, arguments: [{ name: 'recurrent_initializer', value: '"orthogonal"' }] };
    case 'identity':
      // With gates the matrix is not square, which Keras' Identity refuses.
      if (cell !== 'rnn' || initialiser.scale !== 1) return undefined;
      return {
        ...NONE,
        arguments: [
          ...(nonlinearity === 'relu' ? [{ name: 'activation', value: '"relu"' }] : []),
          { name: 'recurrent_initializer', value: '"identity"' },
        ],
      };
    default:
      return undefined;
  }
}

/** A number as Python's float. */
function python(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
