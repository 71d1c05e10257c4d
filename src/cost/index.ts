export type * from './types';
export { costLayer } from './layer-cost';
export { costModel } from './model-cost';
export { backwardOf } from './backward';
export { addWork } from './work';
export { memoryIn } from './memory';
export { type PackedWork, costPacked } from './packed';
export { type Explained, type FrameworkDifference, explainFramework, explainParams } from './explain-params';
export { type Counter, type CounterExplanation, explainCounters } from './explain-counters';
