import { formatMessage, type Message, type SourceRef } from '../model';

/** One thing that `rnn-lens check` says about a place. */
export interface CheckResult {
  /** A rule's id, `over-budget`, or the id of a reader's problem. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: Message;
  readonly source: SourceRef;
}

/** One line for people: `path:line:column: level: text [rule]`. */
export function checkText(results: readonly CheckResult[]): string {
  return results
    .map(
      (r) =>
        `${r.source.file}:${line(r)}:${column(r)}: ${r.level}: ${formatMessage(r.message)} [${r.rule}]\n`,
    )
    .join('');
}

export function checkJson(results: readonly CheckResult[]) {
  return {
    schemaVersion: 1,
    results: results.map((r) => ({
      rule: r.rule,
      level: r.level,
      path: r.source.file,
      line: line(r),
      column: column(r),
      message: formatMessage(r.message),
    })),
  };
}

/** GitHub workflow commands: annotations on the changed files of a pull request. */
export function githubAnnotations(results: readonly CheckResult[]): string {
  return results
    .map((r) => {
      const command = r.level === 'note' ? 'notice' : r.level;
      const place = `file=${property(r.source.file)},line=${line(r)},col=${column(r)}`;
      return `::${command} ${place},title=${property(`RNN Lens: ${r.rule}`)}::${data(formatMessage(r.message))}\n`;
    })
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** SARIF 2.1.0, as code-scanning services read it. */
export function sarif(results: readonly CheckResult[], version: string) {
  const rules = [...new Set(results.map((r) => r.rule))].map((id) => ({ id }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'RNN Lens', version, rules } },
        results: results.map((r) => ({
          ruleId: r.rule,
          ruleIndex: rules.findIndex(({ id }) => id === r.rule),
          level: r.level,
          message: { text: formatMessage(r.message) },
          locations: [
            { physicalLocation: { artifactLocation: { uri: encodeURI(r.source.file) }, region: region(r) } },
          ],
        })),
      },
    ],
  };
}

function region(r: CheckResult) {
  const end = r.source.range?.end;
  return {
    startLine: line(r),
    startColumn: column(r),
    ...(end ? { endLine: end.line + 1, endColumn: end.character + 1 } : {}),
  };
}

function line(r: CheckResult): number {
  return (r.source.range?.start.line ?? 0) + 1;
}

function column(r: CheckResult): number {
  return (r.source.range?.start.character ?? 0) + 1;
}
