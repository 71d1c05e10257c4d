import type { SyntaxNode } from '@lezer/common';
import type { ClassDef, Expr, FunctionDef, ImportedName, Pattern, Stmt } from './ast';
import { ExpressionLowering } from './lower-expressions';
import { childrenOf, inner, splitAtCommas } from './nodes';

/** What stands among statements and does nothing. */
const SILENT: ReadonlySet<string> = new Set([';', ':', 'PassStatement', 'TypeDefinition']);

/** Turns Lezer's statement nodes into {@link Stmt}. Error nodes cost only the statement they stand in. */
export class Lowering extends ExpressionLowering {
  private nesting = 0;

  statements(nodes: readonly SyntaxNode[]): Stmt[] {
    const list: Stmt[] = [];
    if (this.nesting > 100) return list;
    this.nesting++;
    for (const node of nodes) {
      if (node.name === 'StatementGroup') list.push(...this.statements(childrenOf(node)));
      else if (!SILENT.has(node.name)) list.push(this.statement(node));
    }
    this.nesting--;
    return list;
  }

  private statement(node: SyntaxNode): Stmt {
    const { from, to } = node;
    this.at = from;
    const kids = childrenOf(node);
    switch (node.name) {
      case 'ExpressionStatement':
        return { type: 'expression', value: this.sequence(kids), from, to };
      case 'YieldStatement':
        return { type: 'expression', value: this.expression(node), from, to };
      case 'PrintStatement':
        return { type: 'expression', value: this.expression(kids[1]), from, to };
      case 'AssignStatement':
        return this.assign(node, kids);
      case 'UpdateStatement': {
        const at = kids.findIndex((k) => k.name === 'UpdateOp');
        if (at < 0) return { type: 'broken', from, to };
        return {
          type: 'augment',
          target: this.sequence(kids.slice(0, at)),
          op: this.slice(kids[at]!).slice(0, -1),
          value: this.sequence(kids.slice(at + 1)),
          from,
          to,
        };
      }
      case 'IfStatement':
        return this.ifStatement(kids, from, to);
      case 'ForStatement': {
        const start = kids.findIndex((k) => k.name === 'for') + 1;
        const at = kids.findIndex((k) => k.name === 'in');
        const body = kids.findIndex((k) => k.name === 'Body');
        if (at < 0 || body < 0) return { type: 'broken', from, to };
        return {
          type: 'for',
          target: this.sequence(kids.slice(start, at)),
          iterable: this.sequence(kids.slice(at + 1, body)),
          body: this.body(kids[body]),
          otherwise: this.after(kids, 'else'),
          from,
          to,
        };
      }
      case 'WhileStatement':
        return {
          type: 'while',
          test: this.expression(kids[1]),
          body: this.body(kids.find((k) => k.name === 'Body')),
          from,
          to,
        };
      case 'TryStatement':
        return this.tryStatement(kids, from, to);
      case 'WithStatement':
        return this.withStatement(kids, from, to);
      case 'MatchStatement':
        return this.matchStatement(node, kids);
      case 'FunctionDefinition':
        return this.functionDef(node, kids, []);
      case 'ClassDefinition':
        return this.classDef(node, kids, []);
      case 'DecoratedStatement':
        return this.decorated(node, kids);
      case 'ReturnStatement':
        return { type: 'return', ...(kids.length > 1 && { value: this.sequence(kids.slice(1)) }), from, to };
      case 'RaiseStatement':
        return { type: 'raise', from, to };
      case 'BreakStatement':
        return { type: 'break', from, to };
      case 'ContinueStatement':
        return { type: 'continue', from, to };
      case 'ImportStatement':
        return this.importStatement(kids, from, to);
      case 'ScopeStatement':
        return {
          type: 'scope',
          global: kids[0]?.name === 'global',
          names: kids.filter((k) => k.name === 'VariableName').map((k) => this.slice(k)),
          from,
          to,
        };
      case 'AssertStatement':
        return { type: 'assert', test: this.expression(kids[1]), from, to };
      case 'DeleteStatement':
        return {
          type: 'delete',
          targets: splitAtCommas(kids.slice(1)).map((p) => this.expression(p[0])),
          from,
          to,
        };
      default:
        return { type: 'broken', from, to };
    }
  }

  private body(node: SyntaxNode | undefined): Stmt[] {
    return node ? this.statements(childrenOf(node).filter((k) => k.name !== ':')) : [];
  }

  /** The body that follows a keyword among a statement's children. */
  private after(kids: readonly SyntaxNode[], keyword: string): Stmt[] {
    const at = kids.findIndex((k) => k.name === keyword);
    return at < 0 ? [] : this.body(kids.slice(at).find((k) => k.name === 'Body'));
  }

  private assign(node: SyntaxNode, kids: SyntaxNode[]): Stmt {
    const { from, to } = node;
    const type = kids.find((k) => k.name === 'TypeDef');
    const annotation = type && this.expression(childrenOf(type).at(-1));
    const groups: SyntaxNode[][] = [[]];
    for (const kid of kids) {
      if (kid.name === 'AssignOp') groups.push([]);
      else if (kid !== type) groups.at(-1)!.push(kid);
    }
    const targets = (groups.length > 1 ? groups.slice(0, -1) : groups).map((g) => this.sequence(g));
    const last = groups.at(-1)!;
    const value: Expr | undefined =
      groups.length === 1
        ? undefined
        : last.length === 0
          ? { type: 'broken', from: to, to }
          : this.sequence(last);
    return { type: 'assign', targets, ...(value && { value }), ...(annotation && { annotation }), from, to };
  }

  private ifStatement(kids: readonly SyntaxNode[], from: number, to: number): Stmt {
    const bodyAt = kids.findIndex((k) => k.name === 'Body');
    const test = this.expression(kids[1]);
    if (bodyAt < 0) return { type: 'if', test, body: [], otherwise: [], from, to };
    const rest = kids.slice(bodyAt + 1);
    const next = rest[0];
    const otherwise =
      next?.name === 'elif'
        ? [this.ifStatement(rest, next.from, to)]
        : next?.name === 'else'
          ? this.body(rest.find((k) => k.name === 'Body'))
          : [];
    return { type: 'if', test, body: this.body(kids[bodyAt]), otherwise, from, to };
  }

  private tryStatement(kids: readonly SyntaxNode[], from: number, to: number): Stmt {
    const handlers: { name?: string; body: Stmt[] }[] = [];
    kids.forEach((kid, i) => {
      if (kid.name !== 'except') return;
      const end = kids.findIndex((k, j) => j > i && k.name === 'Body');
      if (end < 0) return;
      const as = kids.slice(i, end).findIndex((k) => k.name === 'as');
      handlers.push({ ...(as >= 0 && { name: this.slice(kids[i + as + 1]!) }), body: this.body(kids[end]) });
    });
    return {
      type: 'try',
      body: this.body(kids.find((k) => k.name === 'Body')),
      handlers,
      otherwise: this.after(kids, 'else'),
      finally: this.after(kids, 'finally'),
      from,
      to,
    };
  }

  private withStatement(kids: readonly SyntaxNode[], from: number, to: number): Stmt {
    const bodyAt = kids.findIndex((k) => k.name === 'Body');
    const head = kids
      .slice(0, bodyAt < 0 ? undefined : bodyAt)
      .filter((k) => k.name !== 'with' && k.name !== 'async');
    const items = splitAtCommas(head).map((part) => {
      const as = part.findIndex((p) => p.name === 'as');
      return { value: this.expression(part[0]), ...(as >= 0 && { target: this.expression(part[as + 1]) }) };
    });
    return { type: 'with', items, body: this.body(kids[bodyAt]), from, to };
  }

  private matchStatement(node: SyntaxNode, kids: readonly SyntaxNode[]): Stmt {
    const block = kids.find((k) => k.name === 'MatchBody');
    const clauses = block ? childrenOf(block).filter((k) => k.name === 'MatchClause') : [];
    const cases = clauses.map((clause) => {
      const parts = childrenOf(clause);
      const guard = parts.find((p) => p.name === 'Guard');
      const head = parts.slice(
        1,
        parts.findIndex((p) => p.name === 'Guard' || p.name === 'Body'),
      );
      const pattern: Pattern =
        head.length === 1
          ? this.pattern(head[0]!)
          : { type: 'sequence', items: this.patterns(head), from: clause.from, to: clause.to };
      return {
        pattern,
        ...(guard && { guard: this.expression(childrenOf(guard).at(-1)) }),
        body: this.body(parts.find((p) => p.name === 'Body')),
      };
    });
    return { type: 'match', subject: this.expression(kids[1]), cases, from: node.from, to: node.to };
  }

  private pattern(node: SyntaxNode): Pattern {
    const { from, to } = node;
    const kids = childrenOf(node);
    if (node.name === 'CapturePattern') return { type: 'capture', name: this.slice(node), from, to };
    if (node.name === 'LiteralPattern' && kids.length === 1)
      return { type: 'literal', value: this.expression(kids[0]), from, to };
    if (node.name === 'OrPattern')
      return {
        type: 'or',
        options: kids.filter((k) => k.name !== 'LogicOp').map((k) => this.pattern(k)),
        from,
        to,
      };
    if (node.name === 'AsPattern')
      return { type: 'as', pattern: this.pattern(kids[0]!), name: this.slice(kids.at(-1)!), from, to };
    if (node.name === 'StarPattern') return { type: 'star', name: this.slice(kids.at(-1)!), from, to };
    if (node.name === 'SequencePattern') {
      // Brackets around one pattern without a comma are only brackets.
      if (kids[0]!.name === '(' && kids.length === 3 && kids[1]!.name !== 'StarPattern')
        return this.pattern(kids[1]!);
      return { type: 'sequence', items: this.patterns(inner(node)), from, to };
    }
    if (node.name === 'MappingPattern') return this.mappingPattern(node);
    if (node.name === 'ClassPattern') {
      const parts = splitAtCommas(inner(kids.at(-1)!)).map((p) => p[0]!);
      const keyword = (n: SyntaxNode) => n.name === 'KeywordPattern';
      return {
        type: 'class',
        cls:
          kids[0]!.name === 'AttributePattern' ? this.attributePattern(kids[0]!) : this.expression(kids[0]),
        positional: parts.filter((n) => !keyword(n)).map((n) => this.pattern(n)),
        keywords: parts.filter(keyword).map((n) => {
          const [name, ...rest] = childrenOf(n);
          return { name: this.slice(name!), pattern: this.pattern(rest.at(-1)!) };
        }),
        from,
        to,
      };
    }
    if (node.name === 'AttributePattern')
      return { type: 'literal', value: this.attributePattern(node), from, to };
    return { type: 'other', from, to };
  }

  private patterns(nodes: readonly SyntaxNode[]): Pattern[] {
    return splitAtCommas(nodes).map((p) => this.pattern(p[0]!));
  }

  private mappingPattern(node: SyntaxNode): Pattern {
    const entries: { key: Expr; value: Pattern }[] = [];
    let rest: string | undefined;
    for (const part of splitAtCommas(inner(node))) {
      const [first, second, third] = part;
      if (first!.name === '**') rest = second && this.slice(second);
      else if (third) entries.push({ key: this.patternKey(first!), value: this.pattern(third) });
    }
    return { type: 'mapping', entries, ...(rest !== undefined && { rest }), from: node.from, to: node.to };
  }

  private patternKey(node: SyntaxNode): Expr {
    const key = this.pattern(node);
    return key.type === 'literal' ? key.value : { type: 'broken', from: node.from, to: node.to };
  }

  private attributePattern(node: SyntaxNode): Expr {
    const kids = childrenOf(node);
    const { from } = node;
    let value: Expr = this.expression(kids[0]);
    for (const kid of kids.slice(1)) {
      if (kid.name === 'PropertyName')
        value = { type: 'attribute', object: value, name: this.slice(kid), from, to: kid.to };
    }
    return value;
  }

  private decorated(node: SyntaxNode, kids: readonly SyntaxNode[]): Stmt {
    const decorators = kids.filter((k) => k.name === 'Decorator').map((k) => this.decorator(k));
    const target = kids.at(-1)!;
    if (target.name === 'ClassDefinition') return this.classDef(target, childrenOf(target), decorators);
    if (target.name === 'FunctionDefinition') return this.functionDef(target, childrenOf(target), decorators);
    return { type: 'broken', from: node.from, to: node.to };
  }

  private decorator(node: SyntaxNode): Expr {
    let value: Expr | undefined;
    for (const kid of childrenOf(node)) {
      if (kid.name === 'VariableName') {
        const name = this.slice(kid);
        value = value
          ? { type: 'attribute', object: value, name, from: value.from, to: kid.to }
          : this.expression(kid);
      } else if (kid.name === 'ArgList' && value) {
        value = { type: 'call', callee: value, args: this.callArgs(kid), from: value.from, to: kid.to };
      }
    }
    return value ?? { type: 'broken', from: node.from, to: node.to };
  }

  private functionDef(
    node: SyntaxNode,
    kids: readonly SyntaxNode[],
    decorators: readonly Expr[],
  ): FunctionDef {
    const name = kids.find((k) => k.name === 'VariableName');
    const list = kids.find((k) => k.name === 'ParamList');
    const bodyNode = kids.find((k) => k.name === 'Body');
    const outer = this.sawYield;
    this.sawYield = false;
    const body = this.body(bodyNode);
    const generator = this.sawYield;
    this.sawYield = outer;
    return {
      type: 'def',
      name: name ? this.slice(name) : '',
      params: list ? this.params(childrenOf(list)) : [],
      body,
      decorators,
      generator,
      headerTo: bodyNode?.from ?? node.to,
      from: node.from,
      to: node.to,
    };
  }

  private classDef(node: SyntaxNode, kids: readonly SyntaxNode[], decorators: readonly Expr[]): ClassDef {
    const name = kids.find((k) => k.name === 'VariableName');
    const list = kids.find((k) => k.name === 'ArgList');
    const bodyNode = kids.find((k) => k.name === 'Body');
    return {
      type: 'class',
      name: name ? this.slice(name) : '',
      bases: list ? this.callArgs(list) : [],
      body: this.body(bodyNode),
      decorators,
      headerTo: bodyNode?.from ?? node.to,
      from: node.from,
      to: node.to,
    };
  }

  private importStatement(kids: readonly SyntaxNode[], from: number, to: number): Stmt {
    const importAt = kids.findIndex((k) => k.name === 'import');
    if (importAt < 0) return { type: 'broken', from, to };
    const tail = kids.slice(importAt + 1).filter((k) => k.name !== '(' && k.name !== ')');
    const names: ImportedName[] = splitAtCommas(tail).map((part) => {
      const as = part.findIndex((p) => p.name === 'as');
      const dotted = part
        .slice(0, as < 0 ? undefined : as)
        .filter((p) => p.name === 'VariableName')
        .map((p) => this.slice(p))
        .join('.');
      return {
        name: dotted,
        as: as < 0 ? dotted : this.slice(part[as + 1] ?? part[as]!),
        from: part[0]!.from,
        to: part.at(-1)!.to,
      };
    });
    if (kids[0]!.name !== 'from') return { type: 'import', names, from, to };
    const head = kids.slice(1, importAt);
    const level =
      head.filter((k) => k.name !== 'VariableName').length -
      head.filter((k, i) => k.name === '.' && head[i - 1]?.name === 'VariableName').length;
    const dots = this.leadingDots(head, level);
    const module = head
      .filter((k) => k.name === 'VariableName')
      .map((k) => this.slice(k))
      .join('.');
    return { type: 'from-import', level: dots, module, names: tail[0]?.name === '*' ? '*' : names, from, to };
  }

  private leadingDots(head: readonly SyntaxNode[], fallback: number): number {
    const first = head.find((k) => k.name === 'VariableName');
    const start = head[0]?.from;
    if (start === undefined || head[0] === first) return 0;
    const dots = this.text.slice(start, first?.from ?? head.at(-1)!.to).replace(/[^.]/g, '').length;
    return dots || fallback;
  }
}
