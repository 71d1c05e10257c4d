import type { ExtensionContext } from 'vscode';
import type { DocumentAnalyses } from '../document-analyses';
import { assumedValues } from '../settings';
import { ScanCache } from './cache';
import { ModelsView } from './models-view';
import { Scanner } from './scanner';

/** The list of the workspace's models. What it remembers is good for this version and these assumed values. */
export function modelsView(context: ExtensionContext, analyses: DocumentAnalyses): ModelsView {
  const { version } = context.extension.packageJSON as { readonly version: string };
  const cache = new ScanCache(context.storageUri, () => `${version} ${JSON.stringify(assumedValues())}`);
  return new ModelsView(new Scanner(analyses.files, cache));
}
