export type * from './types';
export { costLayer } from './layer-cost';
export { costModel } from './model-cost';
