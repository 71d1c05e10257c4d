import type { Framework } from '../../model';
import type { Alternative } from './alternatives';

/** How the layer is called where the code goes. */
export interface SnippetNames {
  readonly framework: Framework;
  /** The layer as an expression: `self.rnn`. */
  readonly layer: string;
}

export interface CodeSnippet {
  readonly language: 'python';
  /** Ends without a line break; four spaces a level. */
  readonly text: string;
  /** `after`: lines that follow the layer's construction. `argument`: keyword arguments of its constructor. */
  readonly place: 'after' | 'argument';
}

/** The lines that make a layer start the way an alternative was run; undefined where there are none for this framework. */
export function snippetFor(alternative: Alternative, names: SnippetNames): CodeSnippet | undefined {
  if (names.framework === 'pytorch') return pytorch(alternative, names.layer);
  if (names.framework === 'keras' || names.framework === 'keras2') return keras(alternative);
  return undefined;
}

function pytorch({ id, spec }: Alternative, layer: string): CodeSnippet | undefined {
  const lines = pytorchLines(id, spec.cell === 'lstm' ? 4 : spec.cell === 'gru' ? 3 : 1, spec.steps, layer);
  return lines && { language: 'python', text: lines.join('\n'), place: 'after' };
}

function pytorchLines(
  id: Alternative['id'],
  gates: number,
  steps: number,
  layer: string,
): readonly string[] | undefined {
  const each = (tensor: string, ...body: readonly string[]): readonly string[] => [
    `for _name, _p in ${layer}.named_parameters():`,
    `    if _name.startswith("${tensor}"):`,
    ...body.map((line) => `        ${line}`),
  ];
  switch (id) {
    case 'forget-bias':
      return each('bias_ih', `_n = _p.numel() // ${gates}`, '_p.data[_n : 2 * _n].fill_(1.0)');
    case 'chrono':
      return each(
        'bias_ih',
        `_n = _p.numel() // ${gates}`,
        `_open = torch.log(torch.empty(_n).uniform_(1, ${Math.max(2, steps - 1)}))`,
        '_p.data[_n : 2 * _n] = _open',
        ...(gates === 4 ? ['_p.data[:_n] = -_open'] : []),
      );
    case 'orthogonal':
      return each(
        'weight_hh',
        `for _gate in _p.data.chunk(${gates}):`,
        '    torch.nn.init.orthogonal_(_gate)',
      );
    // The identity kernel belongs with ReLU, which is an argument of the constructor.
    case 'identity':
    case 'gru':
    case 'lstm':
      return undefined;
  }
}

function keras({ id }: Alternative): CodeSnippet | undefined {
  const argument = (text: string): CodeSnippet => ({ language: 'python', text, place: 'argument' });
  switch (id) {
    case 'identity':
      return argument('activation="relu", recurrent_initializer="identity"');
    case 'forget-bias':
      return argument('unit_forget_bias=True');
    case 'orthogonal':
      return argument('recurrent_initializer="orthogonal"');
    case 'chrono':
    case 'gru':
    case 'lstm':
      return undefined;
  }
}
