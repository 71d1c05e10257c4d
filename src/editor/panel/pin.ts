import { type Uri, extensions, l10n, window, workspace } from 'vscode';
import { chosenModel } from '../../engine/panel/state';
import { layerView } from '../../engine/panel/layers';
import { modelNames } from '../../engine/panel/models';
import { totalsView } from '../../engine/panel/totals';
import { FRAMEWORK_NAMES } from '../../model';
import type { ModelView, PinnedView } from '../../protocol/panel';
import type { DocumentAnalyses } from '../document-analyses';

/** The part of the built-in Git extension's API that is used here. */
interface GitApi {
  getRepository(uri: Uri): GitRepository | null;
}
interface GitRepository {
  log(options: { readonly maxEntries: number; readonly path: string }): Promise<readonly GitCommit[]>;
  show(ref: string, path: string): Promise<string>;
}
interface GitCommit {
  readonly hash: string;
  readonly message: string;
  readonly authorDate?: Date;
}

/** The model as it is on the page now. */
export function pinnedFrom(model: ModelView, title: string): PinnedView {
  const { name, framework, workload, totals, layers } = model;
  return { title, name, framework, workload, totals, layers };
}

/** Asks for a commit of the file and reads the same model there. Undefined when the user leaves or there is nothing to pin. */
export async function pinRevision(
  uri: Uri,
  model: ModelView,
  analyses: DocumentAnalyses,
): Promise<PinnedView | undefined> {
  const repository = await repositoryOf(uri);
  if (!repository) {
    void window.showInformationMessage(l10n.t('The file is not in a Git repository.'));
    return undefined;
  }
  const commits = await repository.log({ maxEntries: 50, path: uri.fsPath });
  const chosen = await window.showQuickPick(
    commits.map((c) => ({
      label: c.message.split('\n')[0] ?? '',
      description: `${c.hash.slice(0, 8)} ${c.authorDate?.toLocaleDateString() ?? ''}`,
      hash: c.hash,
    })),
    { placeHolder: l10n.t('Which revision?'), matchOnDescription: true },
  );
  if (!chosen) return undefined;
  const text = await repository.show(chosen.hash, uri.fsPath);
  const document = await workspace.openTextDocument(uri);
  const { models } = await analyses.analyseWith(document, { text, workload: model.workload });
  const names = modelNames(models.map((m) => m.model));
  const found = chosenModel(models, names, { model: model.name, layer: null });
  if (!found) {
    void window.showInformationMessage(l10n.t('There is no model in that revision.'));
    return undefined;
  }
  return {
    title: chosen.hash.slice(0, 8),
    name: found.name,
    framework: FRAMEWORK_NAMES[found.cost.model.framework],
    workload: found.cost.workload,
    totals: totalsView(found.cost),
    layers: found.cost.layers.map((l) => layerView(l, () => null)),
  };
}

async function repositoryOf(uri: Uri): Promise<GitRepository | undefined> {
  const extension = extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  if (!extension) return undefined;
  const git = await extension.activate();
  return git.getAPI(1).getRepository(uri) ?? undefined;
}
