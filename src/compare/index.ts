export type * from './types';
export { compareLayer } from './layer';
export { compareModel, type Resize } from './model';
