import { cellOf, message } from '../../model';
import { recurrentLayers } from './layers-in';
import { endOf, indentOf } from './places';
import type { Rule, RuleInput, TextFix } from './types';

/** Truncated BPTT: without a detach the graph grows with every step (pytorch/examples `repackage_hidden`). */
export const stateNotDetached: Rule = {
  id: 'state-not-detached',
  severity: 'warning',
  check: (input) =>
    input.usage.flatMap((use) => {
      if (use.kind !== 'carried-state') return [];
      const fix = detach(use.name, use.source, input);
      return [
        {
          rule: 'state-not-detached' as const,
          message: message(
            '{0} goes from step to step without detach(): each backward() runs through all earlier steps, or fails.',
            use.name,
          ),
          source: use.source,
          ...(fix ? { fix } : {}),
        },
      ];
    }),
};

/** A line below the step: the loss of this step comes from the output, so the state may be cut off there. */
function detach(name: string, source: TextFix['source'], input: RuleInput): TextFix | undefined {
  const cells = new Set(recurrentLayers(input).map((l) => (cellOf(l.kind) === 'lstm' ? 'pair' : 'one')));
  // With both kinds in the file it cannot be told whether the state is h or (h, c).
  if (cells.size !== 1) return undefined;
  const code = cells.has('pair')
    ? `${name} = tuple(s.detach() for s in ${name})`
    : `${name} = ${name}.detach()`;
  return {
    title: message('Detach {0} after the step', name),
    source: endOf(source),
    text: `\n${input.textAt(indentOf(source))}${code}`,
  };
}
