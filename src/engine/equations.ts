import { type CellKind, type Framework, type RecurrentLayer, cellOf, isCell, valueOf } from '../model';

/**
 * The cell's equations as its framework computes them. `_x` and `_{xy}` mark subscripts. Forms: PyTorch documentation of nn.LSTM, nn.GRU,
 * nn.RNN; Keras `keras/src/layers/rnn`; Flax `flax/linen/recurrent.py`; ONNX `Operators.md`; TF1 `legacy_cells.py`; Haiku `recurrent.py`;
 * Equinox `nn/_rnn.py`.
 */
export function equationsOf(layer: RecurrentLayer, resetAfter: boolean): readonly string[] {
  const cell = cellOf(layer.kind);
  const biases = valueOf(layer.bias) === 0 ? 'none' : biasesOf(layer.framework, cell, resetAfter);
  const gate = activation(layer.recurrentActivation, layer.framework === 'tfjs' ? 'hardsigmoid' : 'σ');
  const act = activation(layer.activation, defaultActivation(layer, cell));
  switch (cell) {
    case 'rnn':
      return [`h_t = ${act}(${sum('', biases)})`];
    case 'lstm':
      return lstm(layer, biases, gate, act);
    case 'gru':
      return gru(layer.framework, biases, gate, act, resetAfter);
  }
}

/** How biases enter a gate's sum: one vector, one for each product, or none. */
type Biases = 'none' | 'one' | 'two';

const TWO_BIASES: ReadonlySet<Framework> = new Set<Framework>([
  'pytorch',
  'paddle',
  'mindspore',
  'mxnet',
  'onnx',
]);

function biasesOf(framework: Framework, cell: CellKind, resetAfter: boolean): Biases {
  if (TWO_BIASES.has(framework)) return 'two';
  if (framework === 'haiku' && cell === 'rnn') return 'two';
  const keras = framework === 'keras' || framework === 'keras2' || framework === 'tfjs';
  return keras && cell === 'gru' && resetAfter ? 'two' : 'one';
}

function activation(named: string | undefined, otherwise: string): string {
  if (named === undefined) return otherwise;
  return named === 'sigmoid' ? 'σ' : named === 'linear' ? 'id' : named;
}

function defaultActivation(layer: RecurrentLayer, cell: CellKind): string {
  if (cell !== 'rnn') return 'tanh';
  return layer.framework === 'haiku' || (layer.framework === 'mxnet' && !isCell(layer)) ? 'relu' : 'tanh';
}

/** `W_i x_t + U_i h_{t−1} + b_i`, with the biases the framework has. */
function sum(gate: string, biases: Biases, extra = ''): string {
  const g = (letter: string, part: string) =>
    gate === '' ? (part === '' ? letter : `${letter}_${part}`) : `${letter}_{${part}${gate}}`;
  const input = `${g('W', '')} x_t`;
  const state = `${g('U', '')} h_{t−1}`;
  const body =
    biases === 'two'
      ? `${input} + ${g('b', 'x')} + ${state} + ${g('b', 'h')}`
      : biases === 'one'
        ? `${input} + ${state} + ${g('b', '')}`
        : `${input} + ${state}`;
  return body + extra;
}

function lstm(layer: RecurrentLayer, biases: Biases, gate: string, act: string): readonly string[] {
  const peep = (g: string, state: string) =>
    valueOf(layer.peepholes ?? 0) === 1 ? ` + p_${g} ⊙ ${state}` : '';
  const projected = layer.projSize !== undefined && valueOf(layer.projSize) !== 0;
  // TensorFlow 1 and Haiku add 1 to the forget gate each step instead of starting its bias there.
  const forget = layer.framework === 'haiku' || layer.framework === 'tf1' ? ' + 1' : '';
  return [
    `i_t = ${gate}(${sum('i', biases, peep('i', 'c_{t−1}'))})`,
    layer.coupledGates
      ? 'f_t = 1 − i_t'
      : `f_t = ${gate}(${sum('f', biases, forget + peep('f', 'c_{t−1}'))})`,
    `g_t = ${act}(${sum('g', biases)})`,
    `o_t = ${gate}(${sum('o', biases, peep('o', 'c_t'))})`,
    'c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t',
    projected ? `h_t = P (o_t ⊙ ${act}(c_t))` : `h_t = o_t ⊙ ${act}(c_t)`,
  ];
}

function gru(
  framework: Framework,
  biases: Biases,
  gate: string,
  act: string,
  resetAfter: boolean,
): readonly string[] {
  // Flax and Equinox give the recurrent product of the candidate a bias of its own; the gates have one.
  const ownBias = framework === 'flax-linen' || framework === 'equinox' || biases === 'two';
  const bx = biases === 'none' ? '' : biases === 'two' ? ' + b_{xn}' : ' + b_n';
  const bh = ownBias && biases !== 'none' ? ' + b_{hn}' : '';
  const candidate = resetAfter
    ? `n_t = ${act}(W_n x_t${bx} + r_t ⊙ ${bh === '' ? '(U_n h_{t−1})' : `(U_n h_{t−1}${bh})`})`
    : `n_t = ${act}(W_n x_t${bx} + U_n (r_t ⊙ h_{t−1})${biases === 'two' ? ' + b_{hn}' : ''})`;
  return [
    `r_t = ${gate}(${sum('r', biases)})`,
    `z_t = ${gate}(${sum('z', biases)})`,
    candidate,
    // Haiku lets z point to the candidate; the others to the old state.
    framework === 'haiku' ? 'h_t = (1 − z_t) ⊙ h_{t−1} + z_t ⊙ n_t' : 'h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}',
  ];
}
