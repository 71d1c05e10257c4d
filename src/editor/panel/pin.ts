import { type Uri, l10n, window } from 'vscode';
import { analyseSaved, analyseSource, type Analysis } from '../../engine/analyse';
import { layerView } from '../../engine/panel/layers';
import { modelNames } from '../../engine/panel/models';
import { chosenModel } from '../../engine/panel/state';
import { totalsView } from '../../engine/panel/totals';
import { isSource } from '../../engine/read-source';
import { FRAMEWORK_NAMES, type Workload } from '../../model';
import type { ModelView, PinnedView } from '../../protocol/panel';
import { memorySource } from '../../readers/bytes';
import { assumptionsFor } from '../settings';
import { type Commit, type Repository, repositoryOf } from './git';

/** The model as it is on the page now. */
export function pinnedFrom(model: ModelView, title: string): PinnedView {
  const { name, framework, workload, totals, layers } = model;
  return { title, name, framework, workload, totals, layers };
}

/**
 * Asks for a commit of the file and reads the same model there, with the files that it imports as they were then. Undefined
 * when the user leaves or there is nothing to pin, which is said.
 */
export async function pinRevision(uri: Uri, model: ModelView): Promise<PinnedView | undefined> {
  const repository = await repositoryOf(uri);
  const commits = (await repository?.log({ maxEntries: 50, path: uri.fsPath })) ?? [];
  if (!repository || commits.length === 0) {
    void window.showInformationMessage(
      repository
        ? l10n.t('No commit has this file yet.')
        : l10n.t('The file is not in a Git repository that VS Code can open.'),
    );
    return undefined;
  }
  const commit = await choose(commits);
  if (!commit) return undefined;
  const { models } = await analyseAt(repository, commit.hash, uri, model.workload);
  const names = modelNames(models.map((m) => m.model));
  const found = chosenModel(models, names, { model: model.name, layer: null });
  if (!found) {
    void window.showInformationMessage(l10n.t('There is no model in that revision.'));
    return undefined;
  }
  return {
    title: `${commit.hash.slice(0, 8)} ${subjectOf(commit)}`,
    name: found.name,
    framework: FRAMEWORK_NAMES[found.cost.model.framework],
    workload: found.cost.workload,
    totals: totalsView(found.cost),
    layers: found.cost.layers.map((l) => layerView(l, () => null)),
  };
}

async function choose(commits: readonly Commit[]): Promise<Commit | undefined> {
  const chosen = await window.showQuickPick(
    commits.map((commit) => ({
      label: subjectOf(commit),
      description: [commit.hash.slice(0, 8), commit.authorDate?.toLocaleDateString()]
        .filter(Boolean)
        .join(' · '),
      commit,
    })),
    { placeHolder: l10n.t('Which revision?'), matchOnDescription: true },
  );
  return chosen?.commit;
}

function subjectOf({ message }: Commit): string {
  return message.split('\n')[0] ?? '';
}

/** The file as it was in a revision. */
async function analyseAt(repo: Repository, hash: string, uri: Uri, workload: Workload): Promise<Analysis> {
  const read = (path: string) => repo.buffer(hash, path).catch(() => undefined);
  const text = async (path: string) => {
    const bytes = await read(path);
    return bytes && new TextDecoder().decode(bytes);
  };
  if (isSource(uri.path)) {
    return analyseSource(
      { file: uri.path, text: (await text(uri.fsPath)) ?? '' },
      { workload, assumptions: assumptionsFor(uri), load: text },
    );
  }
  // JSON of Keras or TensorFlow.js; models in bytes are not offered this.
  const bytes = (await read(uri.fsPath)) ?? new Uint8Array();
  return analyseSaved(memorySource(uri.path, bytes), { file: uri.path }, workload);
}
