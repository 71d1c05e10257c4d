import {
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  TabInputCustom,
  TabInputText,
  Uri,
  ViewColumn,
  type WebviewPanel,
  commands,
  window,
} from 'vscode';
import { savedPanel } from '../../protocol/panel-check-state';
import type { Selection } from '../../protocol/panel';
import type { GradientWorker } from '../../engine/gradient-client';
import { documentFor } from '../commands/choose';
import type { DocumentAnalyses } from '../document-analyses';
import { COMMAND, SAVED_EDITOR } from '../ids';
import type { Target } from '../markdown';
import { isBinaryModel } from '../saved/analyse';
import { SavedModelEditor } from '../saved/saved-editor';
import type { SourceFinder } from '../saved/source-match';
import { PanelController } from './panel-controller';
import type { PanelStart } from './shown-model';

const VIEW_TYPE = 'rnnLens.comparison';

/** How long VS Code may take to open an editor before its command gives up on it. */
const EDITOR_MILLISECONDS = 10_000;

export interface PanelDeps {
  readonly context: ExtensionContext;
  readonly analyses: DocumentAnalyses;
  readonly gradient: GradientWorker;
  /** Finds the source of saved models. */
  readonly sources: SourceFinder;
  readonly log: LogOutputChannel;
}

/** Registers the commands that open comparison panels, and brings panels back after a reload of the window. */
export function registerPanel(deps: PanelDeps): Disposable[] {
  const panels = new Panels(deps);
  return [
    panels,
    commands.registerCommand(COMMAND.compareCells, (target?: Target | Uri) => panels.open(target)),
    commands.registerCommand(COMMAND.diagnoseGradientFlow, async (target?: Target | Uri) => {
      const controller = await panels.open(target);
      return controller?.runFlow();
    }),
    commands.registerCommand(COMMAND.chooseFlowInput, async (target?: Target | Uri) => {
      const controller = await panels.open(target);
      await controller?.chooseInput();
    }),
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: (panel, state) => panels.restore(panel, state),
    }),
    window.registerCustomEditorProvider(
      SAVED_EDITOR,
      new SavedModelEditor((panel, uri) => panels.attach(panel, uri)),
    ),
  ];
}

/** One panel for each file. */
class Panels implements Disposable {
  private readonly open_ = new Map<string, PanelController>();
  private readonly attached = new EventEmitter<string>();

  constructor(private readonly deps: PanelDeps) {}

  dispose(): void {
    for (const controller of this.open_.values()) controller.dispose();
    this.attached.dispose();
  }

  /** Opens the panel of a file: the one named (by the explorer as its URI), else the active one. A saved model has it as its editor. */
  async open(named: Target | Uri | undefined): Promise<PanelController | undefined> {
    const target = named instanceof Uri ? { uri: named.toString() } : named;
    const saved = savedModelFor(target);
    const uri = saved ?? (await documentFor(target))?.uri;
    if (!uri) return undefined;
    const selection = target?.model === undefined ? undefined : selectionOf(target);
    const known = this.open_.get(uri.toString());
    if (known) {
      known.reveal(selection, target?.line);
      return known;
    }
    if (saved) return this.openEditor(saved);
    const panel = window.createWebviewPanel(VIEW_TYPE, 'RNN Lens', {
      viewColumn: this.column(),
      preserveFocus: false,
    });
    return this.attach(panel, uri, { selection, line: target?.line });
  }

  private async openEditor(uri: Uri): Promise<PanelController | undefined> {
    const attached = new Promise<void>((resolve) => {
      const waiting = this.attached.event((key) => {
        if (key !== uri.toString()) return;
        waiting.dispose();
        resolve();
      });
    });
    await commands.executeCommand('vscode.openWith', uri, SAVED_EDITOR);
    await Promise.race([attached, new Promise((resolve) => setTimeout(resolve, EDITOR_MILLISECONDS))]);
    return this.open_.get(uri.toString());
  }

  /** Panels share a column. */
  private column(): ViewColumn {
    // The editor of a saved model stands where it was opened, perhaps where the source is.
    const other = [...this.open_].find(([uri]) => !isBinaryModel(Uri.parse(uri)))?.[1];
    return other?.column ?? ViewColumn.Beside;
  }

  restore(panel: WebviewPanel, state: unknown): Promise<void> {
    const saved = savedPanel(state);
    if (!saved) panel.dispose();
    else this.attach(panel, Uri.parse(saved.uri), { saved });
    return Promise.resolve();
  }

  /** Puts the page for a file into a webview. */
  attach(panel: WebviewPanel, uri: Uri, start?: PanelStart): PanelController {
    const controller = new PanelController(panel, uri, this.deps, start);
    const key = uri.toString();
    this.open_.set(key, controller);
    panel.onDidDispose(() => {
      if (this.open_.get(key) === controller) this.open_.delete(key);
      controller.dispose();
    });
    this.attached.fire(key);
    return controller;
  }
}

/** The saved model that is meant, where it is one: the file named, else the one in the active tab. */
function savedModelFor(target: Target | undefined): Uri | undefined {
  const input: unknown = window.tabGroups.activeTabGroup.activeTab?.input;
  const active = input instanceof TabInputCustom || input instanceof TabInputText ? input.uri : undefined;
  const uri = target ? Uri.parse(target.uri) : active;
  return uri && isBinaryModel(uri) ? uri : undefined;
}

function selectionOf(target: Target): Selection {
  return { model: target.model ?? null, layer: target.layer ?? null };
}
