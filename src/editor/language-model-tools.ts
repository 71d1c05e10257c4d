import {
  type CancellationToken,
  type Disposable,
  LanguageModelTextPart,
  type LanguageModelTool,
  type LanguageModelToolInvocationOptions,
  LanguageModelToolResult,
  l10n,
  lm,
  type PreparedToolInvocation,
  Uri,
  workspace,
} from 'vscode';
import type { GradientWorker } from '../engine/gradient-client';
import { hasTrainedWeights } from '../engine/trained-weights';
import { TOOLS, type Tool, ToolError, type ToolPort } from '../engine/tools';
import { CallFailed } from '../protocol/rpc';
import { DocumentAnalyses } from './document-analyses';
import { analyseSavedFile, isBinaryModel } from './saved/analyse';
import { loadTrained } from './saved/trained';
import { say } from './say';
import { assumptionsFor, workloadFor } from './settings';

type Input = Readonly<Record<string, unknown>>;

/** Offers the tools to the assistants of the editor. They read files of the workspace only, and change nothing. */
export function registerTools(analyses: DocumentAnalyses, gradient: GradientWorker): Disposable[] {
  const port: ToolPort = {
    get workload() {
      return workloadFor();
    },
    async analyse(file, workload, assumptions) {
      const uri = await findFile(file);
      if (isBinaryModel(uri)) return analyseSavedFile(uri, workload);
      const document = await workspace.openTextDocument(uri);
      if (!DocumentAnalyses.covers(document))
        throw new ToolError(`${file} is not a kind of file that is read.`);
      const own = new Map([...assumptionsFor(document.uri), ...assumptions]);
      return analyses.analyseWith(document, { workload, assumptions: own });
    },
    async trained(file, layer) {
      return hasTrainedWeights(layer) ? loadTrained(await findFile(file), layer) : undefined;
    },
    async gradient(spec, signal) {
      try {
        return await gradient.run(spec, { signal });
      } catch (error) {
        throw error instanceof CallFailed ? new ToolError(say(error.failure.message)) : error;
      }
    },
  };
  return TOOLS.map((tool) => lm.registerTool(tool.name, new EditorTool(tool, port)));
}

class EditorTool implements LanguageModelTool<Input> {
  constructor(
    private readonly tool: Tool,
    private readonly port: ToolPort,
  ) {}

  prepareInvocation({ input }: { readonly input: Input }): PreparedToolInvocation {
    return { invocationMessage: l10n.t('Reading {0}', String(input['file'] ?? '')) };
  }

  async invoke(
    { input }: LanguageModelToolInvocationOptions<Input>,
    token: CancellationToken,
  ): Promise<LanguageModelToolResult> {
    const control = new AbortController();
    token.onCancellationRequested(() => control.abort());
    const result = await this.tool.run(input, this.port, control.signal);
    return new LanguageModelToolResult([new LanguageModelTextPart(JSON.stringify(result))]);
  }
}

/** A path in the workspace: relative to one of its folders, or absolute inside one. Nothing else is read. */
async function findFile(file: string): Promise<Uri> {
  for (const { uri: folder } of workspace.workspaceFolders ?? []) {
    const uri = file.startsWith('/') ? folder.with({ path: file }) : Uri.joinPath(folder, file);
    if (workspace.getWorkspaceFolder(uri) === undefined) continue;
    try {
      await workspace.fs.stat(uri);
      return uri;
    } catch {
      continue; // Not in this folder.
    }
  }
  throw new ToolError(`${file} is not a file of the workspace.`);
}
