import { Diagnostic, DiagnosticSeverity, type Range, Uri, workspace } from 'vscode';
import { defaultSeverity, type RuleId, type RuleSeverity } from '../advice/rules';
import { DIAGNOSTIC_SOURCE, SECTION } from './ids';

/** What a finding's severity is set by in `rnnLens.findings.severity`. */
export type SetRule = RuleId | 'over-budget';

export const SEVERITY: Readonly<Record<RuleSeverity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** How serious the user wants a rule's findings in this file. */
export function severityOf(rule: SetRule, uri: Uri): RuleSeverity | 'off' {
  const wished = workspace.getConfiguration(SECTION, uri).get<Record<string, unknown>>('findings.severity')?.[
    rule
  ];
  if (wished === 'off') return 'off';
  if (typeof wished === 'string' && Object.hasOwn(SEVERITY, wished)) return wished as RuleSeverity;
  return rule === 'over-budget' ? 'error' : defaultSeverity(rule);
}

/** A finding for the Problems view, its code a link to the page that explains it; none when its rule is switched off. */
export function findingDiagnostic(
  extension: Uri,
  uri: Uri,
  rule: SetRule,
  range: Range,
  text: string,
): Diagnostic[] {
  const severity = severityOf(rule, uri);
  if (severity === 'off') return [];
  const diagnostic = new Diagnostic(range, text, SEVERITY[severity]);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = {
    value: rule,
    target: Uri.joinPath(extension, 'docs', 'rules.md').with({ fragment: rule }),
  };
  return [diagnostic];
}
