import { message, type SourceRef } from '../../model';
import type { Finding, Rule, RuleInput } from './types';

/** A softmax of a softmax: gradients shrink and training stalls without an error. Only where the file has one model. */
export const softmaxBeforeCrossEntropy: Rule = {
  id: 'softmax-before-cross-entropy',
  severity: 'warning',
  check(input) {
    const loss = input.usage.find((u) => u.kind === 'cross-entropy');
    return loss ? [...inForward(input, loss.source), ...inLastLayer(input, loss.source)] : [];
  },
};

/** PyTorch: `forward` ends in a softmax. */
function inForward({ usage, textAt }: RuleInput, loss: SourceRef): Finding[] {
  const modules = usage.find((u) => u.kind === 'modules');
  if (modules?.kind !== 'modules' || modules.count !== 1) return [];
  return usage.flatMap((u): Finding[] =>
    u.kind === 'softmax-output'
      ? [
          {
            ...found(u.source, loss),
            ...(u.logits
              ? {
                  fix: { title: message('Return the logits'), source: u.source, text: textAt(u.logits) },
                }
              : {}),
          },
        ]
      : [],
  );
}

/** Keras: the only model's last layer has `activation="softmax"`, and the loss says `from_logits=True`. */
function inLastLayer({ models, file }: RuleInput, loss: SourceRef): Finding[] {
  const [only] = models;
  const last = only?.model.layers.at(-1);
  if (models.length !== 1 || last?.kind !== 'dense' || last.activation !== 'softmax') return [];
  if (!['keras', 'keras2'].includes(last.framework) || last.source.file !== file) return [];
  return [
    {
      ...found(last.facts?.['activation']?.source ?? last.source, loss),
      fix: { title: message('Remove {0}', 'activation'), source: last.source, argument: 'activation' },
    },
  ];
}

function found(source: SourceRef, loss: SourceRef): Finding {
  return {
    rule: 'softmax-before-cross-entropy',
    message: message(
      'The model ends in a softmax, and the cross-entropy at line {0} applies another one.',
      (loss.range?.start.line ?? 0) + 1,
    ),
    source,
  };
}
