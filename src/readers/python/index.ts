import { message, type Assumptions, type Model, type Problem } from '../../model';
import type { SourceReadResult, SourceReaderOptions, TextFile } from '../types';
import { withComments } from './comments';
import { Imports } from './evaluate/imports';
import { Interpreter } from './evaluate/interpreter';
import { Recall } from './evaluate/recall';
import { runModule } from './evaluate/modules';
import type { ModuleValue, Value } from './evaluate/values';
import { PLUGINS } from './frameworks';
import { FileParses, type ParsedFile } from './parse';

/**
 * Reads a Python file: parses it, evaluates it within bounds, and reports the models that its frameworks describe.
 * Pure and synchronous; never throws for anything a file may hold.
 */
export function readPython(file: TextFile, options: SourceReaderOptions): SourceReadResult {
  const parses = options.memory?.of('python-parses', () => new FileParses()) ?? new FileParses();
  const parsed = parses.parse(file.file, file.text);
  const imports = new Imports(options.files ?? new Map(), parses);
  try {
    const { models, problems } = evaluated(
      parsed,
      withComments(parsed, options.assumptions),
      imports,
      options,
    );
    return {
      format: 'python',
      models,
      problems: [...parsed.problems, ...problems],
      wanted: [...imports.wanted],
    };
  } catch (error) {
    // A fault of ours: say so at the file instead of taking the editor down.
    const problem: Problem = {
      code: 'python-internal',
      severity: 'error',
      message: message(
        'This file could not be followed: {0}',
        error instanceof Error ? error.message : String(error),
      ),
      source: { file: file.file },
    };
    return {
      format: 'python',
      models: [],
      problems: [...parsed.problems, problem],
      wanted: [...imports.wanted],
    };
  }
}

function evaluated(
  parsed: ParsedFile,
  assumptions: Assumptions,
  imports: Imports,
  options: SourceReaderOptions,
): { models: Model[]; problems: readonly Problem[] } {
  const recalling = options.memory?.of('python-recall', () => new Recall()).begin(assumptions);
  const I = new Interpreter(PLUGINS, assumptions, options.cancelled ?? (() => false), recalling);
  const main: ModuleValue = {
    kind: 'module',
    name: '__main__',
    names: new Map<string, Value>([
      ['__name__', { kind: 'str', value: '__main__' }],
      ['__file__', { kind: 'str', value: parsed.text.file }],
    ]),
    text: parsed.text,
  };
  I.main = main;
  I.imports = imports;
  imports.register(parsed.text.file, main);
  runModule(I, main, parsed.body);
  const { about } = options;
  if (about !== undefined) I.about = about;
  const all = PLUGINS.flatMap((plugin) => plugin.models(I));
  const models = about === undefined ? all : all.filter((m) => m.construction && m.source.file === about);
  recalling?.finish(I);
  models.sort((a, b) => (a.source.range?.start.line ?? 0) - (b.source.range?.start.line ?? 0));
  return { models, problems: I.problems };
}
