import type { Usage } from '../../../model';
import type { ParsedFile } from '../parse';
import type { Expr } from '../parse/ast';
import { enclosingFunction, nodesIn, pathTo } from '../parse/navigate';
import { calledName, mentioned, type Call } from './names';

const SORTING = new Set([
  'sort',
  'sorted',
  'argsort',
  'sort_values',
  'lexsort',
  'enforce_sorted',
  'sort_key',
  'sort_within_batch',
]);

/** `pack_padded_sequence(x, lengths)` where the function computes the lengths and the file sorts nothing. */
export function packedUnsorted({ body, text }: ParsedFile): Usage[] {
  const packs = [...nodesIn(body)].filter(
    (n): n is Call => n.type === 'call' && calledName(n) === 'pack_padded_sequence',
  );
  if (packs.length === 0 || [...mentioned(body)].some((name) => SORTING.has(name))) return [];
  return packs.flatMap((call): Usage[] => {
    const positional = call.args.filter((a) => a.name === undefined);
    const lengths = (call.args.find((a) => a.name === 'lengths') ?? positional[1])?.value;
    const def = enclosingFunction(pathTo(body, call) ?? []);
    if (!def || !lengths || positional.length > 3 || call.args.some((a) => a.star !== undefined)) return [];
    const names = [...mentioned(lengths)];
    const computed = [...nodesIn(def.body)].some(
      (n) =>
        n.type === 'assign' &&
        n.value !== undefined &&
        counts(n.value) &&
        n.targets.some((t) => t.type === 'name' && names.includes(t.id)),
    );
    return computed ? [{ kind: 'packed-unsorted', source: text.ref(call.from, call.to) }] : [];
  });
}

/** `mask.sum(1)`, `[len(x) for x in batch]`: counted where they stand, so in the order of the batch. */
function counts(value: Expr): boolean {
  return [...nodesIn(value)].some((n) => n.type === 'call' && COUNTING.has(calledName(n) ?? ''));
}

const COUNTING = new Set(['sum', 'len', 'count_nonzero']);
