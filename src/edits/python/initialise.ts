import { message, type RecurrentLayer } from '../../model';
import type { TextFile } from '../../readers/types';
import { enclosingFunction, pathTo, statementOf } from '../../readers/python/parse/navigate';
import { CannotEdit, orRefusal, type Change, type Refusal } from '../types';
import { Draft } from './draft';

// The new lines stand in the user's function: underscores keep their names apart from its own.

/**
 * Starts an LSTM's forget gate open (Jozefowicz et al. 2015): lines after the layer is made, PyTorch. Only `bias_ih` is set, as
 * PyTorch adds `bias_hh` to it. The gates lie in the order i, f, g, o.
 */
export function addForgetBias(file: TextFile, layer: RecurrentLayer, value: number): Change | Refusal {
  return initialise(file, layer, (target) => [
    `for _name, _bias in ${target}.named_parameters():`,
    '    if _name.startswith("bias_ih"):',
    '        _size = _bias.numel() // 4',
    `        _bias.data[_size : 2 * _size].fill_(${value.toFixed(1)})`,
  ]);
}

/**
 * Chrono initialisation (Tallec & Ollivier 2018): forget biases ~ log U(1, T − 1), input biases their negatives, for
 * dependencies of up to `maxSteps` steps.
 */
export function addChronoInit(file: TextFile, layer: RecurrentLayer, maxSteps: number): Change | Refusal {
  return initialise(
    file,
    layer,
    (target) => [
      `for _name, _bias in ${target}.named_parameters():`,
      '    if _name.startswith("bias_ih"):',
      '        _size = _bias.numel() // 4',
      `        _forget = torch.log(torch.empty(_size).uniform_(1, ${Math.max(2, maxSteps - 1)}))`,
      '        _bias.data[:_size] = -_forget',
      '        _bias.data[_size : 2 * _size] = _forget',
    ],
    true,
  );
}

function initialise(
  file: TextFile,
  layer: RecurrentLayer,
  lines: (target: string) => readonly string[],
  needsTorch = false,
): Change | Refusal {
  return orRefusal(() => {
    if (layer.framework !== 'pytorch' || !layer.kind.startsWith('lstm')) {
      throw new CannotEdit(message('Only for an LSTM of PyTorch.'));
    }
    const draft = new Draft(file);
    const call = draft.callAt(layer.source);
    const path = pathTo(draft.file.body, call) ?? [];
    const statement = statementOf(path);
    const target =
      statement?.type === 'assign' && statement.value === call ? statement.targets[0] : undefined;
    const isName = target?.type === 'name' || (target?.type === 'attribute' && target.object.type === 'name');
    if (!statement || !target || !isName || !enclosingFunction(path)) {
      throw new CannotEdit(
        message('The layer is not simply assigned to a name, so its uses cannot be followed.'),
      );
    }
    if (needsTorch && !draft.importsTorch()) {
      throw new CannotEdit(message('The file does not import torch, which the new code would need.'));
    }
    const indent = draft.indentOf(statement.from);
    draft.insertLinesBelow(
      statement.to,
      lines(draft.textOf(target)).map((line) => indent + line),
    );
    return draft.change();
  });
}
