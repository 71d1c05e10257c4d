import type { SourceReaderOptions } from '../types';
import type { Evaluator } from './evaluator';
import { children } from './source-file';
import { SourceFile } from './source-file';
import { run } from './statements';
import { globalScope } from './globals';
import { argparse } from './argparse';
import { MODULE } from './members';
import { type Scope, UNDEFINED, type Value } from './values';

const MAX_FILES = 20;
const ENDINGS = ['', '.js', '.ts', '.mjs', '.tsx', '.jsx', '/index.js', '/index.ts'];

/** Resolves `import` and `require`: TensorFlow.js by its package name, other files beside this one. */
export class Imports {
  readonly wanted: string[] = [];
  private readonly modules = new Map<string, Scope>();

  constructor(private readonly options: SourceReaderOptions) {}

  /** Runs a file's imports and statements in `scope`. */
  evaluate(E: Evaluator, file: SourceFile, scope: Scope): void {
    this.modules.set(file.file, scope);
    for (const statement of children(file.tree.topNode)) {
      if (statement.name === 'ImportDeclaration') this.bindImports(E, statement, file, scope);
    }
    E.define(scope, 'require', {
      kind: 'native',
      name: 'require',
      call: ([path]) =>
        path?.kind === 'string' ? (this.namespace(E, file, path.value) ?? UNDEFINED) : UNDEFINED,
    });
    E.define(scope, 'module', MODULE);
    run(E, file.tree.topNode, scope, file);
  }

  private bindImports(
    E: Evaluator,
    node: SourceFile['tree']['topNode'],
    file: SourceFile,
    scope: Scope,
  ): void {
    const parts = children(node);
    const path = parts.find((c) => c.name === 'String');
    if (!path) return;
    const space = this.namespace(E, file, file.slice(path).slice(1, -1));
    if (!space) return;
    const star = parts.some((c) => c.name === 'Star');
    for (const part of parts) {
      // `import tf from` and `import * as tf from` both give the namespace.
      if (part.name === 'VariableDefinition') {
        const fallback = space.kind === 'object' && !star ? space.fields.get('default') : undefined;
        E.define(scope, file.slice(part), fallback ?? space);
      }
      if (part.name === 'ImportGroup') this.bindGroup(E, part, file, scope, space);
    }
  }

  private bindGroup(
    E: Evaluator,
    group: SourceFile['tree']['topNode'],
    file: SourceFile,
    scope: Scope,
    space: Value,
  ): void {
    const names = children(group).filter((c) => c.name !== 'type');
    for (let i = 0; i < names.length; i++) {
      const name = file.slice(names[i]!);
      const renamed = names[i + 1]?.name === 'as';
      const local = file.slice(names[renamed ? i + 2 : i]!);
      if (renamed) i += 2;
      const value = E.parts.member(E, space, name, { file, node: group });
      if (value.kind !== 'undefined') E.define(scope, local, value);
    }
  }

  /** What a module offers; undefined for packages and files that are not at hand. */
  private namespace(E: Evaluator, from: SourceFile, specifier: string): Value | undefined {
    if (specifier.startsWith('@tensorflow/tfjs')) return { kind: 'external', path: '' };
    if (specifier === 'argparse') return argparse(E);
    if (!specifier.startsWith('.')) return undefined;
    const base = resolve(from.file, specifier);
    for (const ending of ENDINGS) {
      const path = base + ending;
      const known = this.modules.get(path);
      if (known) return spaceOf(known);
      const text = this.options.files?.get(path);
      if (text === undefined || this.modules.size >= MAX_FILES) continue;
      const scope: Scope = { names: new Map(), parent: globalScope(E) };
      this.evaluate(E, new SourceFile(path, text), scope);
      return spaceOf(scope);
    }
    const candidates = /\.\w+$/.test(base) ? [base] : ENDINGS.slice(1).map((e) => base + e);
    for (const path of candidates)
      if (!this.options.files?.has(path) && !this.wanted.includes(path)) this.wanted.push(path);
    return undefined;
  }
}

function spaceOf(scope: Scope): Value {
  return { kind: 'object', fields: scope.names, facts: new Map() };
}

/** A relative specifier as a path beside `from`. */
function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
