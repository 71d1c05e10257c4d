/** Every id that package.json declares, in one place. */
export const COMMAND = {
  analyseFile: 'rnnLens.analyseFile',
  analyseModelFile: 'rnnLens.analyseModelFile',
  compareCells: 'rnnLens.compareCells',
  diagnoseGradientFlow: 'rnnLens.diagnoseGradientFlow',
  assumeValue: 'rnnLens.assumeValue',
  clearAssumedValues: 'rnnLens.clearAssumedValues',
  scanWorkspace: 'rnnLens.scanWorkspace',
  cancelScan: 'rnnLens.cancelScan',
  openSample: 'rnnLens.openSample',
  goToModel: 'rnnLens.goToModel',
  verifyWithPython: 'rnnLens.verifyWithPython',
  createBudgets: 'rnnLens.createBudgets',
  chooseFlowInput: 'rnnLens.chooseFlowInput',
} as const;

/** Languages whose text may describe a model. */
export const SOURCE_LANGUAGES = ['python', 'javascript', 'typescript', 'json', 'jsonc'] as const;

/** Scheme of the read-only documents that Analyse This File opens. */
export const SUMMARY_SCHEME = 'rnn-lens-summary';

/** Scheme of the read-only documents that Verify with Python opens. */
export const VERIFICATION_SCHEME = 'rnn-lens-verification';

export const SECTION = 'rnnLens';

/** What the Problems view says our findings come from. */
export const DIAGNOSTIC_SOURCE = 'RNN Lens';

/** The list of the workspace's models, in the explorer. */
export const MODELS_VIEW = 'rnnLens.models';

/** The custom editor for saved models. */
export const SAVED_EDITOR = 'rnnLens.savedModel';
