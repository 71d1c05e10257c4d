import {
  type CancellationToken,
  CancellationTokenSource,
  type Disposable,
  EventEmitter,
  type NotebookDocument,
  type TextDocument,
  type Uri,
  workspace,
} from 'vscode';
import { type Analysis, type AnalyseOptions, analyseSaved, analyseSource } from '../engine/analyse';
import type { Assumptions, Workload } from '../model';
import { ReaderMemory } from '../readers/memory';
import { memorySource } from '../readers/bytes';
import type { TextFile } from '../readers/types';
import { DocumentView } from './document-view';
import { SOURCE_LANGUAGES } from './ids';
import { openModel } from './saved/bytes';
import { joinCells } from '../readers/notebook/join-cells';
import { affectsNumbers, assumptionsFor, workloadFor } from './settings';
import { SourceFiles } from './source-files';
import { CallIndex } from './workspace/call-index';

/** Waits this long after a keystroke before those who show numbers are told to ask again. */
const QUIET_MS = 200;

/** What {@link DocumentAnalyses.analyseWith} may change. */
export interface Conditions {
  readonly text?: string;
  readonly workload?: Workload;
  readonly assumptions?: Assumptions;
}

interface Entry {
  readonly version: string;
  readonly cancel: CancellationTokenSource;
  readonly analysis: Promise<Analysis>;
}

/**
 * What the open documents describe: one analysis per version of a document, computed when first asked for, shared by
 * all features, dropped when the document, an imported file or a setting changes. All cells of a notebook are one text.
 */
export class DocumentAnalyses implements Disposable {
  private readonly entries = new Map<string, Entry>();
  /** What reading each open document left behind, so that a keystroke costs only what it changed. */
  private readonly memories = new Map<string, ReaderMemory>();
  /** The texts of imported files. */
  readonly files = new SourceFiles();
  private readonly calls = new CallIndex();
  private readonly changed = new EventEmitter<Uri | undefined>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: Disposable[];

  /** Fires when a document's numbers may have changed; with no URI when all may have. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions = [
      this.files,
      this.calls,
      this.changed,
      workspace.onDidChangeTextDocument(({ document }) => this.announceLater(document)),
      workspace.onDidCloseTextDocument((document) => this.forget(document)),
      workspace.onDidChangeConfiguration((event) => {
        if (affectsNumbers(event)) this.forgetAll();
      }),
      this.files.onDidChange((uri) => void this.forgetImporters(uri)),
    ];
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const entry of this.entries.values()) entry.cancel.cancel();
    this.entries.clear();
    this.subscriptions.forEach((s) => s.dispose());
  }

  /** True when the document's language is one that may describe models. */
  static covers(document: TextDocument): boolean {
    return (SOURCE_LANGUAGES as readonly string[]).includes(document.languageId);
  }

  /**
   * The document's analysis seen from this document; undefined when `token` is cancelled first or the language is not covered.
   */
  async get(document: TextDocument, token?: CancellationToken): Promise<DocumentView | undefined> {
    if (!DocumentAnalyses.covers(document)) return undefined;
    const source = sourceOf(document);
    const entry = this.entryFor(source);
    const analysis = await entry.analysis;
    if (token?.isCancellationRequested || document.isClosed) return undefined;
    // A newer version has taken over, and what was read may be half of it. Whoever asks is answered for the newer one: an
    // answer of nothing would make lenses and hints flicker.
    if (entry.cancel.token.isCancellationRequested) return this.get(document, token);
    return new DocumentView(document, analysis, source.firstLine, source.text());
  }

  /** The document, or the notebook that it is a cell of. */
  uriOf(document: TextDocument): Uri {
    return keyOf(document).uri;
  }

  /** Reads the document anew under other conditions: a changed text, another workload, more assumptions. Not cached. */
  async analyseWith(
    document: TextDocument,
    changed: Conditions,
    token?: CancellationToken,
  ): Promise<Analysis> {
    const source = sourceOf(document);
    return analyseText(
      { file: source.file, text: changed.text ?? source.text() },
      {
        ...this.optionsFor(source.uri, () => token?.isCancellationRequested === true),
        ...(changed.workload ? { workload: changed.workload } : {}),
        ...(changed.assumptions ? { assumptions: changed.assumptions } : {}),
      },
      source.uri,
    );
  }

  private optionsFor(uri: Uri, cancelled: () => boolean): AnalyseOptions {
    return {
      workload: workloadFor(uri),
      assumptions: assumptionsFor(uri),
      load: (path) => this.files.load(path, uri),
      calls: this.calls.finder(uri),
      cancelled,
    };
  }

  private entryFor(source: Source): Entry {
    const known = this.entries.get(source.key);
    if (known?.version === source.version) return known;
    known?.cancel.cancel();
    const cancel = new CancellationTokenSource();
    const memory = this.memories.get(source.key) ?? new ReaderMemory();
    this.memories.set(source.key, memory);
    const options = {
      ...this.optionsFor(source.uri, () => cancel.token.isCancellationRequested),
      memory,
    };
    const analysis = analyseText({ file: source.file, text: source.text() }, options, source.uri);
    const entry = { version: source.version, cancel, analysis };
    this.entries.set(source.key, entry);
    return entry;
  }

  private announceLater(document: TextDocument): void {
    if (!DocumentAnalyses.covers(document)) return;
    const { key, uri } = keyOf(document);
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.changed.fire(uri);
      }, QUIET_MS),
    );
  }

  private forget(document: TextDocument): void {
    const { key } = keyOf(document);
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.memories.delete(key);
    this.drop(key);
  }

  private drop(key: string): void {
    this.entries.get(key)?.cancel.cancel();
    this.entries.delete(key);
  }

  private forgetAll(): void {
    for (const key of [...this.entries.keys()]) this.drop(key);
    this.changed.fire(undefined);
  }

  /** A file that was looked for and not found may be anyone's import: then all start anew. */
  private async forgetImporters(uri: Uri): Promise<void> {
    const importers = await Promise.all(
      [...this.entries].map(async ([key, { analysis }]) => {
        const { file, imported } = await analysis;
        return file === uri.path ? [] : imported.length === 0 || imported.includes(uri.path) ? [key] : [];
      }),
    );
    for (const key of importers.flat()) this.drop(key);
    this.changed.fire(undefined);
  }
}

/** A saved model's JSON, or source text. Most JSON is neither, and is not parsed to find that out. */
async function analyseText(file: TextFile, options: AnalyseOptions, uri: Uri): Promise<Analysis> {
  if (!file.file.endsWith('.json')) return analyseSource(file, options);
  if (!MODEL_JSON.some((key) => file.text.includes(key))) {
    return { file: file.file, format: 'json', models: [], problems: [], imported: [] };
  }
  const source = memorySource(file.file, new TextEncoder().encode(file.text));
  // The weights of a TensorFlow.js model lie in files beside it; a document that is not saved has none.
  const opened = await openModel(uri).catch(() => undefined);
  try {
    return await analyseSaved(
      source,
      {
        file: file.file,
        ...(opened && { sibling: opened.sibling }),
        ...(options.cancelled && { cancelled: options.cancelled }),
      },
      options.workload,
    );
  } finally {
    await opened?.close();
  }
}

/** Keys without which a JSON file is no model of Keras or TensorFlow.js. */
const MODEL_JSON = ['"class_name"', '"modelTopology"'];

/** What is read for a document: its own text, or the whole notebook that it is a cell of. */
interface Source {
  readonly key: string;
  readonly uri: Uri;
  readonly version: string;
  readonly file: string;
  readonly firstLine: number;
  readonly text: () => string;
}

const EXTENSION: Readonly<Record<string, string>> = {
  python: '.py',
  javascript: '.js',
  typescript: '.ts',
  json: '.json',
  jsonc: '.json',
};

function keyOf(document: TextDocument): { readonly key: string; readonly uri: Uri } {
  const uri = notebookOf(document)?.uri ?? document.uri;
  return { key: uri.toString(), uri };
}

function notebookOf(document: TextDocument): NotebookDocument | undefined {
  return document.uri.scheme === 'vscode-notebook-cell'
    ? workspace.notebookDocuments.find((n) => n.getCells().some((c) => c.document === document))
    : undefined;
}

function sourceOf(document: TextDocument): Source {
  const notebook = notebookOf(document);
  const { key, uri } = keyOf(document);
  // The engine tells languages apart by the file's ending; an untitled document or a cell has none.
  const ending = EXTENSION[document.languageId] ?? '';
  const file = uri.path.endsWith(ending) ? uri.path : uri.path + ending;
  if (!notebook) {
    return {
      key,
      uri,
      file,
      version: String(document.version),
      firstLine: 0,
      text: () => document.getText(),
    };
  }
  const cells = notebook
    .getCells()
    .map((c) => c.document)
    .filter((d) => d.languageId === document.languageId);
  const joined = joinCells(cells.map((c) => c.getText()));
  return {
    key,
    uri,
    file,
    version: cells.map((c) => `${c.uri.fragment}@${c.version}`).join(),
    firstLine: joined.firstLines[cells.indexOf(document)] ?? 0,
    text: () => joined.text,
  };
}
