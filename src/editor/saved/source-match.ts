import { type Disposable, Uri, workspace } from 'vscode';
import { matchSource } from '../../compare/match-source';
import type { ModelCost } from '../../cost/types';
import { analyseSource } from '../../engine/analyse';
import { isSource } from '../../engine/read-source';
import { type DeclaredModel, matchSentence, placeOf } from '../../engine/source-match';
import { cellOf, isRecurrent, valueOf } from '../../model';
import type { Place, SourceMatchView } from '../../protocol/panel';
import { assumptionsFor } from '../settings';
import type { SourceFiles } from '../source-files';
import type { ModelNode, ModelsView } from '../workspace/models-view';

/** Files that are read in full, the likeliest first. */
const MAX_FILES = 16;

interface Declared extends DeclaredModel {
  readonly place: Place | null;
}

/** Looks in the workspace for the source that a saved model was built from. */
export class SourceFinder {
  constructor(
    private readonly models: ModelsView,
    private readonly files: SourceFiles,
  ) {}

  /** Calls back when the workspace's sources have changed; not for every find of a scan. */
  onDidChange(changed: () => void): Disposable {
    return this.models.onDidChangeTreeData(() => {
      if (!this.models.scanning) changed();
    });
  }

  /** Undefined where the workspace has no source with such cells: there is nothing to say then. */
  async find(saved: ModelCost): Promise<SourceMatchView | undefined> {
    const nodes = likely(await this.models.known(), saved);
    const uris = [...new Set(nodes.map((n) => n.uri))].slice(0, MAX_FILES).map((uri) => Uri.parse(uri));
    const declared = (await Promise.all(uris.map((uri) => this.read(uri, saved)))).flat();
    if (declared.length === 0) return undefined;
    const match = matchSource(saved.model, declared);
    return {
      kind: match?.kind ?? 'none',
      text: matchSentence(match),
      place: match?.source.place ?? null,
      differences: match?.kind === 'different' ? match.differences : [],
    };
  }

  private async read(uri: Uri, { workload }: ModelCost): Promise<readonly Declared[]> {
    const load = (path: string) => this.files.load(path, uri);
    const text = await load(uri.path);
    if (text === undefined) return [];
    const file = { file: uri.path, text };
    const { models } = await analyseSource(file, { workload, assumptions: assumptionsFor(uri), load });
    return models.map(({ model }) => {
      const start = model.source.range?.start;
      return {
        model,
        where: placeOf(model, workspace.asRelativePath(uri)),
        place: start ? { uri: uri.toString(), line: start.line, character: start.character } : null,
      };
    });
  }
}

/** Sources with the same cells, those with the same count first, then those whose count is not known. */
function likely(nodes: readonly ModelNode[], { model, params }: ModelCost): readonly ModelNode[] {
  const cells = new Set(model.layers.filter(isRecurrent).map((layer) => cellOf(layer.kind)));
  const total = params && valueOf(params.total);
  const rank = ({ summary }: ModelNode) =>
    summary.params === undefined ? 1 : summary.params === total ? 0 : 2;
  return nodes
    .filter(({ uri }) => isSource(Uri.parse(uri).path))
    .filter(({ summary }) => summary.cells.length === cells.size && summary.cells.every((c) => cells.has(c)))
    .sort((a, b) => rank(a) - rank(b));
}
