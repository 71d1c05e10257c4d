import type { CustomDocument, CustomReadonlyEditorProvider, Uri, WebviewPanel } from 'vscode';

/** Opens a saved model (ONNX, Keras, PyTorch, safetensors) read-only, on the page that compares models. */
export class SavedModelEditor implements CustomReadonlyEditorProvider<CustomDocument> {
  /** `attach` puts the page for a file into an editor's webview. */
  constructor(private readonly attach: (panel: WebviewPanel, uri: Uri) => void) {}

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): void {
    this.attach(panel, uri);
  }
}
