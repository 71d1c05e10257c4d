import { costModel } from '../cost';
import type { ModelCost } from '../cost/types';
import type { Resize } from '../compare';
import type { Assumptions, Model, Problem, ReadResult, Workload } from '../model';
import type { ReaderMemory } from '../readers/memory';
import type { ByteSource } from '../readers/bytes';
import { storedDisagreements } from '../compare/stored-agreement';
import { readSavedModel } from '../readers/registry';
import type { SavedReaderContext } from '../readers/saved';
import type { TextFile } from '../readers/types';
import { type FindCalls, withCallSites } from './call-sites';
import { type LoadText, readSourceWithImports } from './read-source';
import { resizeFor } from './resize';

/** What a file's models cost, and what there is to say about the file. */
export interface Analysis {
  readonly file: string;
  readonly format: string;
  /** In the order in which the file declares them. */
  readonly models: readonly ModelCost[];
  readonly problems: readonly Problem[];
  /** The imported files that were looked at, so that a change of one can invalidate this analysis. */
  readonly imported: readonly string[];
  /** Reads a model of this file again with other hidden sizes, where its source allows that; absent for saved models. */
  readonly resize?: (model: Model) => Resize | undefined;
}

export interface AnalyseOptions {
  readonly workload: Workload;
  readonly assumptions: Assumptions;
  readonly load: LoadText;
  readonly cancelled?: () => boolean;
  /** Where the workspace calls a name; without it only the file's own constructions are known. */
  readonly calls?: FindCalls;
  /** Makes reading the next version of the same document cheaper. */
  readonly memory?: ReaderMemory;
}

/** Reads a source text (following its imports through `load`) and costs every model in it. */
export async function analyseSource(file: TextFile, options: AnalyseOptions): Promise<Analysis> {
  const { result, files } = await readSourceWithImports(
    file,
    options.assumptions,
    options.load,
    options.cancelled,
    options.memory,
  );
  const { assumptions, calls } = options;
  const sites = calls && (await withCallSites(file, result.models, { ...options, calls }));
  const read = sites ? { ...result, models: sites.models } : result;
  const imported = [
    ...[...files].filter(([, text]) => text !== undefined).map(([path]) => path),
    ...(sites?.files ?? []),
  ];
  return {
    ...toAnalysis(file.file, read, options.workload, imported),
    resize: once((model) => resizeFor(model, { file, assumptions, files })),
  };
}

/** Reads a saved model by ranges and costs it. Never rejects: what went wrong is among the problems. */
export async function analyseSaved(
  source: ByteSource,
  context: SavedReaderContext,
  workload: Workload,
): Promise<Analysis> {
  const result = await readSavedModel(source, context);
  const problems = [...result.problems, ...result.models.flatMap(storedDisagreements)];
  return toAnalysis(context.file, { ...result, problems }, workload);
}

/** Each model's answer is kept: what was read again for one view serves the next. */
function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const known = made.get(key) ?? { value: make(key) };
    made.set(key, known);
    return known.value;
  };
}

/** Costs what a reader returned. */
export function toAnalysis(
  file: string,
  result: ReadResult,
  workload: Workload,
  imported: readonly string[] = [],
): Analysis {
  return {
    file,
    format: result.format,
    models: result.models.map((model) => costModel(model, workload)),
    problems: result.problems,
    imported,
  };
}
