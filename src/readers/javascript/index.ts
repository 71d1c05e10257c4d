import { type Dim, type Model, type Problem, type Unknown, constant, message, symbolsIn } from '../../model';
import type { SourceReadResult, SourceReaderOptions, TextFile } from '../types';
import { Collector, buildModel } from '../keras';
import { ancestry, callFunction, callValue, construct } from './calls';
import { Evaluator, type Parts } from './evaluator';
import { evaluate } from './expressions';
import { globalScope } from './globals';
import { Imports } from './imports';
import { memberOf } from './members';
import { specOfModel } from './models';
import { SourceFile } from './source-file';
import { run } from './statements';
import type { FunctionValue, ModelRecord, Scope, Value } from './values';
import { layerSizes } from './sizes';

const PARTS: Parts = { evaluate, call: callValue, construct, member: memberOf, run };
/** Larger files are generated bundles, not models that people write. */
const MAX_LENGTH = 2_000_000;

/**
 * Reads the TensorFlow.js models that a JavaScript or TypeScript file builds with the layers API, without running it:
 * `tf.sequential`, `tf.model`, the layer factories, functions with arguments, branches and loops. Never throws.
 */
export function readJavaScript(file: TextFile, options: SourceReaderOptions): SourceReadResult {
  const problems: Problem[] = [];
  if (file.text.length > MAX_LENGTH) {
    problems.push({
      code: 'file-too-large',
      severity: 'info',
      message: message('This file is too large to be followed.'),
      source: { file: file.file },
    });
    return { format: 'javascript', models: [], problems, wanted: [] };
  }
  const imports = new Imports(options);
  const E = new Evaluator(options.assumptions, options.cancelled ?? (() => false), PARTS);
  const source = new SourceFile(file.file, file.text);
  const scope: Scope = { names: new Map(), parent: globalScope(E) };
  imports.evaluate(E, source, scope);
  followTheRest(E, source, scope);
  const models = distinct(E.models.map((m) => modelOf(E, m, problems)).filter((m) => m !== undefined));
  return { format: 'javascript', models, problems: [...E.problems, ...problems], wanted: imports.wanted };
}

/** Follows the functions, methods and callbacks that nothing called, their parameters named unknowns. */
function followTheRest(E: Evaluator, source: SourceFile, scope: Scope): void {
  const site = { file: source, node: source.tree.topNode };
  const missing = (name: string, node: SourceFile['tree']['topNode'], fn: FunctionValue): Value =>
    E.unknown(
      name,
      message('`{0}` is a parameter of `{1}`, which this file does not call.', name, fn.name || 'a function'),
      { file: fn.file, node },
    );
  const functions = [...scope.names.values()].filter(
    (v): v is FunctionValue => v.kind === 'function' && v.file === source,
  );
  const follow = (fn: FunctionValue) => {
    if (!E.called.has(fn.node)) callFunction(E, fn, [], site, missing);
  };
  // First those that nothing mentions: they call the others, and know the arguments.
  const mentioned = mentions(source);
  for (const fn of functions) if (!mentioned.has(fn.name)) follow(fn);
  let done = 0;
  const callbacks = () => {
    for (; done < E.later.length && done < 500; done++)
      if (E.later[done]!.file === source) E.anyTimes(() => follow(E.later[done]!));
  };
  callbacks();
  for (const cls of E.classes) {
    if (cls.file !== source) continue;
    const self = E.called.has(cls.node)
      ? undefined
      : construct(E, cls, [], { file: source, node: cls.node }, missing);
    const object = self?.kind === 'object' ? self : undefined;
    for (const method of ancestry(cls)[0]!.methods.values()) {
      if (method.name === 'constructor' || E.called.has(method.node)) continue;
      callFunction(E, { ...method, ...(object ? { self: object } : {}) }, [], site, missing);
    }
  }
  callbacks();
  for (const fn of functions) follow(fn);
}

/** Every name the file uses as a variable, outside of exports. */
function mentions(source: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  source.tree.iterate({
    enter: (node) => {
      if (node.name === 'ExportGroup') return false;
      if (node.name === 'VariableName') names.add(source.text.slice(node.from, node.to));
      return undefined;
    },
  });
  return names;
}

function modelOf(E: Evaluator, record: ModelRecord, problems: Problem[]): Model | undefined {
  const ctx = new Collector('tfjs', (name) => assumedDim(E, name));
  const { layers } = buildModel(specOfModel(record), ctx);
  if (layers.length === 0) return undefined;
  problems.push(...ctx.problems);
  const used = new Set(layers.flatMap(layerSizes).flatMap((d) => [...symbolsIn(d)]));
  for (const layer of layers)
    if (layer.kind === 'unknown') for (const name of layer.dependsOn) used.add(name);
  const unknowns: Unknown[] = [...ctx.unknowns.values()].filter((u) => used.has(u.name));
  for (const [name, u] of E.unknowns) {
    if (!used.has(name) || unknowns.some((known) => known.name === name)) continue;
    unknowns.push({
      name,
      reason: u.reason,
      ...(u.source ? { source: u.source } : {}),
      ...(u.choices.length > 0 ? { choices: u.choices } : {}),
    });
  }
  return {
    name: record.name ?? 'model',
    framework: 'tfjs',
    source: record.source,
    form: record.form,
    layers,
    unknowns,
    assumed: [...E.assumed.values()],
  };
}

function assumedDim(E: Evaluator, name: string): Dim | undefined {
  const value = E.assumptionFor(name);
  return value?.kind === 'number'
    ? value.dim
    : value?.kind === 'bool'
      ? constant(value.value ? 1 : 0)
      : undefined;
}

/** A function called twice with the same sizes makes the same model: shown once. */
function distinct(models: readonly Model[]): Model[] {
  const seen = new Set<string>();
  return models.filter((model) => {
    const key = JSON.stringify([
      model.source,
      model.layers.map((l) => [
        l.path,
        l.typeName,
        layerSizes(l).map((d) => [...d.terms].map(([k, t]) => `${t.coefficient}${k}`)),
      ]),
    ]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
