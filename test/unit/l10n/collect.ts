import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Where a text that people read stands in the source. */
export interface Collected {
  readonly template: string;
  readonly place: string;
}

/** Functions whose first argument is an English template: `message(…)`, `l10n.t(…)` and the page's `t(…)`. */
function isTemplateCall(call: ts.CallExpression, file: ts.SourceFile): boolean {
  const callee = call.expression;
  if (ts.isIdentifier(callee)) {
    return callee.text === 'message' || (callee.text === 't' && file.fileName.includes('/src/panel/'));
  }
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 't' &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === 'l10n'
  );
}

/** Every template literal in the sources under `folder`, and the calls whose template is no literal. */
export function collectTemplates(folder: string): { templates: Collected[]; computed: string[] } {
  const templates: Collected[] = [];
  const computed: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name)) continue;
    const path = join(folder, name);
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTemplateCall(node, file)) add(node, file);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { templates, computed };

  function add(call: ts.CallExpression, file: ts.SourceFile): void {
    const { line } = file.getLineAndCharacterOfPosition(call.getStart());
    const place = `${file.fileName}:${line + 1}`;
    const literals = literalsOf(call.arguments[0]);
    if (literals) templates.push(...literals.map((template) => ({ template, place })));
    else computed.push(place);
  }
}

/** A literal, a sum of literals, or a choice between literals. */
function literalsOf(node: ts.Expression | undefined): string[] | undefined {
  if (node === undefined) return undefined;
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [literalsOf(node.whenTrue), literalsOf(node.whenFalse)];
    return yes && no && [...yes, ...no];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [literalsOf(node.left), literalsOf(node.right)];
    return left?.length === 1 && right?.length === 1 ? [left[0]! + right[0]!] : undefined;
  }
  return undefined;
}
