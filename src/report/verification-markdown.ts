import type { ModelCost } from '../cost/types';
import { formatMessage, message, type Message, type Translate } from '../model';
import { codeSpan, escapeMarkdown, markdownTable } from './markdown';
import { formatCount } from './numbers';
import { agrees, verdictOf, verify, type Counted, type VerifiedRow } from './verification';

/** The page that "Verify with Python" shows: each model's layers, counted by its framework and by us. */
export function verificationMarkdown(
  file: string,
  python: string,
  models: readonly { readonly cost: ModelCost; readonly counted: Counted }[],
  translate?: Translate,
): string {
  const t = (m: Message) => formatMessage(m, translate);
  const parts = [
    `# ${escapeMarkdown(file)}`,
    t(message('Run with {0}', codeSpan(python))),
    ...models.map(({ cost, counted }) => modelPart(cost, counted, t)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function modelPart(cost: ModelCost, counted: Counted, t: (m: Message) => string): string {
  const heading = `## ${escapeMarkdown(cost.model.name)}`;
  if ('error' in counted)
    return `${heading}\n\n${t(message('It could not be made: {0}', escapeMarkdown(counted.error)))}`;
  const verified = verify(cost, counted.weights);
  const row = (r: VerifiedRow): string[] => [
    r === verified.total ? t(message('total')) : codeSpan(r.path),
    numberOf(r.theirs),
    numberOf(r.ours),
    markOf(r),
  ];
  const table = markdownTable(
    '<>><',
    [t(message('layer')), escapeMarkdown(counted.framework), 'RNN Lens', ''],
    [...verified.rows, verified.total].map(row),
  );
  return `${heading}\n\n${t(verdictOf(verified))}\n\n${table}`;
}

function numberOf(n: number | undefined): string {
  return n === undefined ? '?' : formatCount(n);
}

function markOf(row: VerifiedRow): string {
  const agree = agrees(row);
  return agree === undefined ? '' : agree ? '✓' : '✗';
}
