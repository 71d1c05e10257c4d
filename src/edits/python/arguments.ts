import { message, type RecurrentLayer, type SourceRef } from '../../model';
import type { TextFile } from '../../readers/types';
import { CannotEdit, orRefusal, type Change, type Refusal } from '../types';
import { Draft } from './draft';
import { requireClass } from './written-class';

/** Gives the call at `source` a keyword argument, or takes it away when there is no value. */
export function setArgument(
  file: TextFile,
  source: SourceRef,
  name: string,
  value: string | undefined,
): Change | Refusal {
  return orRefusal(() => {
    const draft = new Draft(file);
    const call = draft.callAt(source);
    if (value !== undefined) draft.setKeyword(call, name, value);
    else {
      const index = call.args.findIndex((a) => a.name === name);
      if (index < 0) throw new CannotEdit(message('{0} is not given by name here.', name));
      draft.removeArgument(call, index);
    }
    return draft.change();
  });
}

/** Gives a layer's constructor a keyword argument that only its own kind of cell has: the class has to be written there. */
export function setOption(
  file: TextFile,
  layer: RecurrentLayer,
  name: string,
  value: string,
): Change | Refusal {
  return orRefusal(() => {
    const draft = new Draft(file);
    const call = draft.callAt(layer.source);
    requireClass(call, layer);
    draft.setKeyword(call, name, value);
    return draft.change();
  });
}

/** What settles a finding: another argument of the call at `source`, or another text there. */
export type Settlement =
  | { readonly source: SourceRef; readonly argument: string; readonly value?: string }
  | { readonly source: SourceRef; readonly text: string };

/** The edit that settles a finding. */
export function settle(file: TextFile, by: Settlement): Change | Refusal {
  if ('argument' in by) return setArgument(file, by.source, by.argument, by.value);
  const { range } = by.source;
  return { edits: range ? [{ range, text: by.text }] : [], notes: [] };
}
