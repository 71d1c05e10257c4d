import { cellOf, message, type CellKind, type RecurrentLayer } from '../../model';
import { CannotEdit } from '../types';
import type { Call, Draft } from './draft';
import { parametersOf, type Family } from './signatures';

/**
 * Rewrites a constructor's arguments for another cell: those the new class takes stay (by keyword where its order differs),
 * those it has no notion of go, each with a note.
 */
export function convertArguments(
  draft: Draft,
  call: Call,
  layer: RecurrentLayer,
  to: CellKind,
  family: Family,
): void {
  if (call.args.some((a) => a.star !== undefined)) {
    throw new CannotEdit(message('The layer takes *args or **kwargs, which cannot be followed.'));
  }
  const from = parametersOf(family, cellOf(layer.kind), layer).positional;
  const target = parametersOf(family, to, layer);
  let naming = false;
  call.args.forEach((argument, index) => {
    const name = argument.name ?? from[index];
    const positional = argument.name === undefined;
    if (name === undefined || (positional && index >= family.agreed)) {
      throw new CannotEdit(message('The arguments cannot be told apart by position.'));
    }
    if (positional && index === 3 && layer.kind === 'rnn' && layer.framework === 'pytorch')
      checkNonlinearity(argument.value);
    if (!target.all.has(name)) {
      if (family.droppable.has(name)) {
        draft.removeArgument(call, index);
        draft.note(message('{0} does not apply to the new layer and is left out.', name));
        naming = true;
      } else throw new CannotEdit(message('The new layer has no argument called {0}.', name));
    } else if (positional && (naming || target.positional[index] !== name)) {
      draft.nameArgument(argument, name);
      naming = true;
    }
  });
}

/** Up to PyTorch 1.13 the fourth argument of `nn.RNN` was `bias`; only a text says that it is the nonlinearity. */
function checkNonlinearity(value: Call['args'][number]['value']): void {
  if (value.type !== 'string') {
    throw new CannotEdit(
      message('The fourth argument of nn.RNN means different things in different versions of PyTorch.'),
    );
  }
}
