import type { Assumptions, Model } from '../model';
import type { TextFile } from '../readers/types';
import { isSource, type LoadText, readSourceWithImports } from './read-source';

/** Names the files of the workspace in which one of these names is called. */
export type FindCalls = (names: readonly string[]) => Promise<readonly string[]>;

/** Files that are read for their calls: enough for a training, an evaluation and a test script. */
const MAX_FILES = 6;
/** Call sites of one class that are shown. */
const MAX_SITES = 6;

/** What is needed to look for call sites. */
export interface CallSiteOptions {
  readonly assumptions: Assumptions;
  readonly load: LoadText;
  readonly calls: FindCalls;
  readonly cancelled?: () => boolean;
}

/**
 * Puts, in the place of classes whose own file leaves sizes unknown, what other files construct of them: each call that leaves fewer unknown is a model
 * of its own, with the call as its construction. Everything else stays as it was.
 */
export async function withCallSites(
  file: TextFile,
  models: readonly Model[],
  options: CallSiteOptions,
): Promise<{ readonly models: readonly Model[]; readonly files: readonly string[] }> {
  const open = models.filter((m) => m.form === 'class' && !m.construction && m.unknowns.length > 0);
  if (open.length === 0 || !file.file.endsWith('.py')) return { models, files: [] };
  const names = [...new Set(open.map((m) => m.name))];
  const first = (await options.calls(names)).filter((f) => f !== file.file && isSource(f));
  const found = await constructionsIn(file, first.slice(0, MAX_FILES), options);
  // `def train(hparams): Net(hparams.size)`: who calls that knows the sizes.
  const makers = [...new Set(found.flatMap((m) => (m.unknowns.length > 0 ? makersOf(m) : [])))];
  const second =
    makers.length > 0
      ? (await options.calls(makers)).filter((f) => f !== file.file && !first.includes(f))
      : [];
  found.push(...(await constructionsIn(file, second.filter(isSource).slice(0, MAX_FILES), options)));
  const shown = models.flatMap((model, i) => {
    if (model.form !== 'class' || model.unknowns.length === 0) return [model];
    const better = distinct(
      found.filter((m) => m.name === model.name && m.unknowns.length < model.unknowns.length),
    );
    if (better.length === 0) return [model];
    // Several models of one class, each with sizes unknown, give way to the same calls.
    const first = models.findIndex(
      (m) => m.name === model.name && m.form === 'class' && m.unknowns.length > 0,
    );
    return first === i ? better : [];
  });
  return { models: shown, files: [...first.slice(0, MAX_FILES), ...second.slice(0, MAX_FILES)] };
}

async function constructionsIn(
  file: TextFile,
  callers: readonly string[],
  { assumptions, load, cancelled }: CallSiteOptions,
): Promise<Model[]> {
  const found: Model[] = [];
  for (const caller of callers) {
    if (cancelled?.()) break;
    const text = await load(caller).catch(() => undefined);
    if (text === undefined) continue;
    // The class is read as it is in the editor, saved or not.
    const withOwn = (path: string) => (path === file.file ? Promise.resolve(file.text) : load(path));
    const { result } = await readSourceWithImports(
      { file: caller, text },
      assumptions,
      withOwn,
      cancelled,
      undefined,
      file.file,
    );
    found.push(...result.models.map(saysWhere));
  }
  return found;
}

/** The call in words, with the file it stands in: `Net(args.size) (train.py:12)`. */
function saysWhere(model: Model): Model {
  const { source, text } = model.construction!;
  const file = source.file.slice(source.file.lastIndexOf('/') + 1);
  const line = source.range ? `:${source.range.start.line + 1}` : '';
  return { ...model, construction: { source, text: `${text} (${file}${line})` } };
}

/** Functions whose arguments leave sizes of a construction open. */
function makersOf(model: Model): string[] {
  return model.unknowns.flatMap(({ reason }) => {
    const maker = reason.args[1];
    return reason.text.includes('is an argument of') && typeof maker === 'string' && /^\w+$/.test(maker)
      ? [maker]
      : [];
  });
}

/** The best known first; calls that come to the same are one. */
function distinct(models: readonly Model[]): Model[] {
  const least = Math.min(...models.map((m) => m.unknowns.length));
  const byLayers = new Map<string, Model>();
  for (const model of models.filter((m) => m.unknowns.length === least)) {
    const key = JSON.stringify(model.layers, (name, value: unknown) =>
      ['source', 'facts', 'calls', 'callsUnknown'].includes(name)
        ? undefined
        : value instanceof Map
          ? [...value]
          : typeof value === 'bigint'
            ? String(value)
            : value,
    );
    if (!byLayers.has(key)) byLayers.set(key, model);
  }
  return [...byLayers.values()].slice(0, MAX_SITES);
}

/** Names that a source text calls: `Net(` and `models.Net(` call `Net`. */
export function calledNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s?\(/gu)].map((m) => m[1]!));
}
