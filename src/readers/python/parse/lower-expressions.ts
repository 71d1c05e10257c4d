import type { SyntaxNode } from '@lezer/common';
import type { CallArg, Comprehension, Expr, Param } from './ast';
import { numberLiteral, stringValue } from './literals';
import { childrenOf, inner, splitAtCommas } from './nodes';

/** Deeper nesting than this is read as broken: it must not exhaust the stack. */
const MAX_DEPTH = 200;

/** Turns Lezer's expression nodes into {@link Expr}. Never throws; what it cannot read becomes `broken`. */
export class ExpressionLowering {
  private depth = 0;
  /** Set while a function body is lowered: has a `yield` been seen? */
  sawYield = false;
  /** Where the statement begins that is lowered now. */
  protected at = 0;

  constructor(protected readonly text: string) {}

  protected slice(node: { readonly from: number; readonly to: number }): string {
    return this.text.slice(node.from, node.to);
  }

  expression(node: SyntaxNode | undefined): Expr {
    if (node === undefined) return { type: 'broken', from: this.at, to: this.at };
    if (this.depth >= MAX_DEPTH) return { type: 'broken', from: node.from, to: node.to };
    this.depth++;
    try {
      return this.lower(node);
    } finally {
      this.depth--;
    }
  }

  private lower(node: SyntaxNode): Expr {
    const { from, to } = node;
    switch (node.name) {
      case 'VariableName':
        return { type: 'name', id: this.slice(node), from, to };
      case 'Number':
        return numberLiteral(this.slice(node), from, to);
      case 'String':
        return { type: 'string', value: stringValue(this.slice(node)), from, to };
      case 'FormatString':
        return { type: 'fstring', parts: this.formatParts(node), from, to };
      case 'ContinuedString':
        return this.continuedString(node);
      case 'Boolean':
        return { type: 'constant', value: this.slice(node) === 'True' ? 'True' : 'False', from, to };
      case 'None':
        return { type: 'constant', value: 'None', from, to };
      case 'Ellipsis':
        return { type: 'constant', value: '...', from, to };
      case 'ParenthesizedExpression':
        return { ...this.sequence(inner(node)), from, to };
      case 'TupleExpression':
        return { type: 'tuple', items: this.items(inner(node)), from, to };
      case 'ArrayExpression':
        return { type: 'list', items: this.items(inner(node)), from, to };
      case 'SetExpression':
        return { type: 'set', items: this.items(inner(node)), from, to };
      case 'DictionaryExpression':
        return {
          type: 'dict',
          entries: splitAtCommas(inner(node)).map((part) => this.entry(part)),
          from,
          to,
        };
      case 'ComprehensionExpression':
        return this.comprehension(inner(node), 'generator', node);
      case 'ArrayComprehensionExpression':
        return this.comprehension(inner(node), 'list', node);
      case 'SetComprehensionExpression':
        return this.comprehension(inner(node), 'set', node);
      case 'DictionaryComprehensionExpression':
        return this.comprehension(inner(node), 'dict', node);
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
        return this.call(node);
      case 'BinaryExpression':
        return this.binary(node);
      case 'UnaryExpression': {
        const kids = childrenOf(node);
        return { type: 'unary', op: this.slice(kids[0]!), operand: this.expression(kids.at(-1)), from, to };
      }
      case 'ConditionalExpression': {
        const [then, , test, , otherwise] = childrenOf(node);
        return {
          type: 'conditional',
          test: this.expression(test),
          then: this.expression(then),
          otherwise: this.expression(otherwise),
          from,
          to,
        };
      }
      case 'LambdaExpression': {
        const kids = childrenOf(node);
        const list = kids.find((k) => k.name === 'ParamList');
        return {
          type: 'lambda',
          params: list ? this.params(childrenOf(list)) : [],
          body: this.expression(kids.at(-1)),
          from,
          to,
        };
      }
      case 'NamedExpression': {
        const kids = childrenOf(node);
        return { type: 'named', name: this.slice(kids[0]!), value: this.expression(kids.at(-1)), from, to };
      }
      case 'AwaitExpression':
        return this.expression(childrenOf(node).at(-1));
      case 'YieldExpression':
      case 'YieldStatement': {
        this.sawYield = true;
        const rest = childrenOf(node).filter((k) => k.name !== 'yield' && k.name !== 'from');
        return { type: 'yield', ...(rest.length > 0 ? { value: this.sequence(rest) } : {}), from, to };
      }
      default:
        return { type: 'broken', from, to };
    }
  }

  /** `a`, `a, b` or `a,` written without brackets. */
  sequence(nodes: readonly SyntaxNode[]): Expr {
    const parts = splitAtCommas(nodes);
    if (parts.length === 0) return { type: 'broken', from: nodes[0]?.from ?? 0, to: nodes.at(-1)?.to ?? 0 };
    if (parts.length === 1 && !nodes.some((n) => n.name === ',')) return this.item(parts[0]!);
    return { type: 'tuple', items: this.items(nodes), from: nodes[0]!.from, to: nodes.at(-1)!.to };
  }

  private items(nodes: readonly SyntaxNode[]): Expr[] {
    return splitAtCommas(nodes).map((part) => this.item(part));
  }

  private item(part: readonly SyntaxNode[]): Expr {
    const first = part[0]!;
    if (first.name === '*' || (first.name === 'ArithOp' && part.length > 1)) {
      return { type: 'starred', value: this.expression(part[1]), from: first.from, to: part.at(-1)!.to };
    }
    return this.expression(first);
  }

  private entry(part: readonly SyntaxNode[]): { key?: Expr; value: Expr } {
    if (part[0]!.name === '**' || part[0]!.name === 'ArithOp') return { value: this.expression(part[1]) };
    const colon = part.findIndex((p) => p.name === ':');
    return { key: this.expression(part[0]), value: this.expression(colon < 0 ? undefined : part[colon + 1]) };
  }

  private comprehension(
    nodes: SyntaxNode[],
    form: Comprehension['form'],
    whole: { from: number; to: number },
  ): Comprehension {
    const isFor = (n: SyntaxNode) => n.name === 'for' || n.name === 'async';
    const head = nodes.slice(0, nodes.findIndex(isFor));
    const element = form === 'dict' ? this.entry(head) : { value: this.item(head.length > 0 ? head : nodes) };
    const clauses: { target: Expr; iterable: Expr; conditions: Expr[] }[] = [];
    for (let i = head.length; i < nodes.length; i++) {
      if (nodes[i]!.name === 'for') {
        let end = i + 1;
        while (end < nodes.length && nodes[end]!.name !== 'in') end++;
        clauses.push({
          target: this.sequence(nodes.slice(i + 1, end)),
          iterable: this.expression(nodes[end + 1]),
          conditions: [],
        });
        i = end + 1;
      } else if (nodes[i]!.name === 'if') clauses.at(-1)?.conditions.push(this.expression(nodes[++i]));
    }
    const base = { type: 'comprehension', form, clauses, from: whole.from, to: whole.to } as const;
    return form === 'dict' && element.key
      ? { ...base, element: element.key, value: element.value }
      : { ...base, element: element.value };
  }

  private member(node: SyntaxNode): Expr {
    const { from, to } = node;
    const kids = childrenOf(node);
    const object = this.expression(kids[0]);
    if (kids[1]?.name === '.') {
      const property = kids[2];
      return property?.name === 'PropertyName'
        ? { type: 'attribute', object, name: this.slice(property), from, to }
        : { type: 'broken', from, to };
    }
    const closed = kids.at(-1)?.name === ']';
    const parts = kids.slice(2, closed ? -1 : undefined);
    const indices = splitAtCommas(parts).map((part) => this.index(part));
    const index: Expr =
      indices.length === 1 && !parts.some((p) => p.name === ',')
        ? indices[0]!
        : { type: 'tuple', items: indices, from: parts[0]?.from ?? from, to: parts.at(-1)?.to ?? to };
    return { type: 'subscript', object, index, from, to };
  }

  private index(part: readonly SyntaxNode[]): Expr {
    if (!part.some((p) => p.name === ':')) return this.item(part);
    const fields: (Expr | undefined)[] = [undefined, undefined, undefined];
    let at = 0;
    for (const node of part) {
      if (node.name === ':') at++;
      else if (at < 3) fields[at] = this.expression(node);
    }
    const [lower, upper, step] = fields;
    return {
      type: 'slice',
      ...(lower && { lower }),
      ...(upper && { upper }),
      ...(step && { step }),
      from: part[0]!.from,
      to: part.at(-1)!.to,
    };
  }

  private call(node: SyntaxNode): Expr {
    const kids = childrenOf(node);
    const list = kids.find((k) => k.name === 'ArgList');
    return {
      type: 'call',
      callee: this.expression(kids[0]),
      args: list ? this.callArgs(list) : [],
      from: node.from,
      to: node.to,
    };
  }

  /** Arguments of a call or bases of a class. */
  callArgs(list: SyntaxNode): CallArg[] {
    const nodes = inner(list);
    if (nodes.some((n) => n.name === 'for')) return [{ value: this.comprehension(nodes, 'generator', list) }];
    const args: CallArg[] = [];
    for (const part of splitAtCommas(nodes)) {
      const [first, second, third] = part as [SyntaxNode, SyntaxNode?, SyntaxNode?];
      if (first.type.isError) continue;
      if (first.name === '*' || first.name === '**')
        args.push({ star: first.name, value: this.expression(second) });
      else if (second?.name === 'AssignOp') {
        const value =
          third && !third.type.isError
            ? this.expression(third)
            : ({ type: 'broken', from: first.from, to: second.to } as const);
        const named = this.slice(second) === ':=';
        args.push(
          named
            ? { value: { type: 'named', name: this.slice(first), value, from: first.from, to: value.to } }
            : { name: this.slice(first), value },
        );
      } else args.push({ value: this.expression(first) });
    }
    return args;
  }

  private binary(node: SyntaxNode): Expr {
    const { from, to } = node;
    const kids = childrenOf(node);
    const left = this.expression(kids[0]);
    const right = this.expression(kids.at(-1));
    const op = kids
      .slice(1, -1)
      .map((k) => this.slice(k))
      .join(' ');
    // `a < b <= c` compares neighbours.
    if (
      isComparison(op) &&
      kids[0]!.name === 'BinaryExpression' &&
      left.type === 'binary' &&
      isComparison(left.op)
    ) {
      const second: Expr = { type: 'binary', op, left: left.right, right, from: left.right.from, to };
      return { type: 'binary', op: 'and', left, right: second, from, to };
    }
    return { type: 'binary', op, left, right, from, to };
  }

  private continuedString(node: SyntaxNode): Expr {
    const { from, to } = node;
    const parts: (string | Expr)[] = [];
    for (const kid of childrenOf(node)) {
      if (kid.name === 'FormatString') parts.push(...this.formatParts(kid));
      else if (kid.name === 'String') parts.push(stringValue(this.slice(kid)));
    }
    return parts.every((p) => typeof p === 'string')
      ? { type: 'string', value: parts.join(''), from, to }
      : { type: 'fstring', parts, from, to };
  }

  private formatParts(node: SyntaxNode): (string | Expr)[] {
    const source = this.slice(node);
    const quoteAt = source.search(/["']/);
    const width = source.startsWith(source[quoteAt]!.repeat(3), quoteAt) ? 3 : 1;
    const parts: (string | Expr)[] = [];
    let at = node.from + quoteAt + width;
    for (const kid of childrenOf(node)) {
      if (kid.name !== 'FormatReplacement') continue;
      if (kid.from > at) parts.push(this.text.slice(at, kid.from));
      const value = childrenOf(kid)[1];
      const plain = childrenOf(kid).every((k) => k.name !== 'FormatSpec' && k.name !== 'FormatSelfDoc');
      parts.push(plain ? this.expression(value) : { type: 'broken', from: kid.from, to: kid.to });
      at = kid.to;
    }
    const end = Math.max(at, node.to - width);
    if (end > at) parts.push(this.text.slice(at, end));
    return parts;
  }

  params(nodes: readonly SyntaxNode[]): Param[] {
    const params: Param[] = [];
    let keywordOnly = false;
    for (const part of splitAtCommas(nodes.filter((n) => n.name !== '(' && n.name !== ')'))) {
      const star = part[0]!.name;
      const name = part.find((p) => p.name === 'VariableName');
      if (star === '*') keywordOnly = true;
      if (!name) continue;
      const type = part.find((p) => p.name === 'TypeDef');
      const assign = part.findIndex((p) => p.name === 'AssignOp');
      const fallback = assign < 0 ? undefined : this.expression(part[assign + 1]);
      params.push({
        name: this.slice(name),
        kind: star === '*' ? 'args' : star === '**' ? 'kwargs' : keywordOnly ? 'keyword-only' : 'normal',
        ...(type && { annotation: this.expression(childrenOf(type).at(-1)) }),
        ...(fallback && { fallback }),
        from: part[0]!.from,
        to: part.at(-1)!.to,
      });
    }
    return params;
  }
}

function isComparison(op: string): boolean {
  return ['<', '>', '<=', '>=', '==', '!=', 'in', 'not in', 'is', 'is not'].includes(op);
}
