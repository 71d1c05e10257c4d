import type { CellKind } from '../model';

/** Cells as people write them. Names of things, not translated. */
export const CELL_NAMES: Readonly<Record<CellKind, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'SimpleRNN' };

/** Strokes that tell the cells apart without colour. */
export const CELL_DASHES: Readonly<Record<CellKind, string | undefined>> = {
  lstm: undefined,
  gru: '7 3',
  rnn: '2 3',
};
