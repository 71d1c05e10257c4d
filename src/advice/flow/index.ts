export { type FlowAdvice, advise } from './advise';
export { type Alternative, type AlternativeId, alternativesFor } from './alternatives';
export { type CodeSnippet, type SnippetNames, snippetFor, snippetText } from './code';
export { type FlowFigures, figuresOf } from './curve';
export type { RuleVerdict } from './published-rules';
export type { Citation } from './sources';
export {
  DEFAULT_THRESHOLDS,
  type FlowThresholds,
  THRESHOLD_RANGES,
  thresholdText,
  thresholdsFrom,
} from './thresholds';
export { type Verdict, type VerdictKind, judge } from './verdict';
