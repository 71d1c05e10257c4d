/** A small syntax tree of what the evaluator understands; offsets count in the parsed text. */
interface Node {
  readonly from: number;
  readonly to: number;
}

export type Expr =
  | (Node & { readonly type: 'name'; readonly id: string })
  | (Node & { readonly type: 'int'; readonly value: bigint })
  | (Node & { readonly type: 'float'; readonly value: number })
  | (Node & { readonly type: 'string'; readonly value: string })
  | (Node & { readonly type: 'fstring'; readonly parts: readonly (string | Expr)[] })
  | (Node & { readonly type: 'constant'; readonly value: 'True' | 'False' | 'None' | '...' })
  | (Node & { readonly type: 'tuple' | 'list' | 'set'; readonly items: readonly Expr[] })
  | (Node & {
      readonly type: 'dict';
      readonly entries: readonly { readonly key?: Expr; readonly value: Expr }[];
    })
  | Comprehension
  | (Node & { readonly type: 'attribute'; readonly object: Expr; readonly name: string })
  | (Node & { readonly type: 'subscript'; readonly object: Expr; readonly index: Expr })
  | (Node & { readonly type: 'slice'; readonly lower?: Expr; readonly upper?: Expr; readonly step?: Expr })
  | (Node & { readonly type: 'call'; readonly callee: Expr; readonly args: readonly CallArg[] })
  | (Node & { readonly type: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr })
  | (Node & { readonly type: 'unary'; readonly op: string; readonly operand: Expr })
  | (Node & {
      readonly type: 'conditional';
      readonly test: Expr;
      readonly then: Expr;
      readonly otherwise: Expr;
    })
  | (Node & { readonly type: 'lambda'; readonly params: readonly Param[]; readonly body: Expr })
  | (Node & { readonly type: 'named'; readonly name: string; readonly value: Expr })
  | (Node & { readonly type: 'starred'; readonly value: Expr })
  | (Node & { readonly type: 'yield'; readonly value?: Expr })
  /** Something that does not parse. */
  | (Node & { readonly type: 'broken' });

export interface Comprehension extends Node {
  readonly type: 'comprehension';
  readonly form: 'list' | 'set' | 'dict' | 'generator';
  readonly element: Expr;
  /** Dict comprehensions: the value. */
  readonly value?: Expr;
  readonly clauses: readonly {
    readonly target: Expr;
    readonly iterable: Expr;
    readonly conditions: readonly Expr[];
  }[];
}

export interface CallArg {
  readonly name?: string;
  readonly star?: '*' | '**';
  readonly value: Expr;
}

export interface Param extends Node {
  readonly name: string;
  readonly kind: 'normal' | 'args' | 'kwargs' | 'keyword-only';
  readonly annotation?: Expr;
  readonly fallback?: Expr;
}

export interface FunctionDef extends Node {
  readonly type: 'def';
  readonly name: string;
  readonly params: readonly Param[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
  /** Where the header ends (before the body). */
  readonly headerTo: number;
  readonly generator: boolean;
}

export interface ClassDef extends Node {
  readonly type: 'class';
  readonly name: string;
  readonly bases: readonly CallArg[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
  readonly headerTo: number;
}

export interface ImportedName extends Node {
  readonly name: string;
  readonly as: string;
}

export type Pattern =
  | (Node & { readonly type: 'literal'; readonly value: Expr })
  | (Node & { readonly type: 'capture'; readonly name: string })
  | (Node & { readonly type: 'or'; readonly options: readonly Pattern[] })
  | (Node & { readonly type: 'as'; readonly pattern: Pattern; readonly name: string })
  | (Node & { readonly type: 'sequence'; readonly items: readonly Pattern[] })
  /** `*rest` in a sequence. */
  | (Node & { readonly type: 'star'; readonly name: string })
  | (Node & {
      readonly type: 'mapping';
      readonly entries: readonly { readonly key: Expr; readonly value: Pattern }[];
      readonly rest?: string;
    })
  | (Node & {
      readonly type: 'class';
      readonly cls: Expr;
      readonly positional: readonly Pattern[];
      readonly keywords: readonly { readonly name: string; readonly pattern: Pattern }[];
    })
  | (Node & { readonly type: 'other' });

export type Stmt =
  | (Node & { readonly type: 'expression'; readonly value: Expr })
  | (Node & {
      readonly type: 'assign';
      readonly targets: readonly Expr[];
      readonly value?: Expr;
      readonly annotation?: Expr;
    })
  | (Node & { readonly type: 'augment'; readonly target: Expr; readonly op: string; readonly value: Expr })
  | (Node & {
      readonly type: 'if';
      readonly test: Expr;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    })
  | (Node & {
      readonly type: 'for';
      readonly target: Expr;
      readonly iterable: Expr;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    })
  | (Node & { readonly type: 'while'; readonly test: Expr; readonly body: readonly Stmt[] })
  | (Node & {
      readonly type: 'try';
      readonly body: readonly Stmt[];
      readonly handlers: readonly { readonly name?: string; readonly body: readonly Stmt[] }[];
      readonly otherwise: readonly Stmt[];
      readonly finally: readonly Stmt[];
    })
  | (Node & {
      readonly type: 'with';
      readonly items: readonly { readonly value: Expr; readonly target?: Expr }[];
      readonly body: readonly Stmt[];
    })
  | (Node & {
      readonly type: 'match';
      readonly subject: Expr;
      readonly cases: readonly {
        readonly pattern: Pattern;
        readonly guard?: Expr;
        readonly body: readonly Stmt[];
      }[];
    })
  | FunctionDef
  | ClassDef
  | (Node & { readonly type: 'return'; readonly value?: Expr })
  | (Node & { readonly type: 'raise' | 'break' | 'continue' })
  | (Node & { readonly type: 'import'; readonly names: readonly ImportedName[] })
  | (Node & {
      readonly type: 'from-import';
      readonly level: number;
      readonly module: string;
      readonly names: readonly ImportedName[] | '*';
    })
  | (Node & { readonly type: 'scope'; readonly names: readonly string[]; readonly global: boolean })
  | (Node & { readonly type: 'assert'; readonly test: Expr })
  | (Node & { readonly type: 'delete'; readonly targets: readonly Expr[] })
  | (Node & { readonly type: 'broken' });
