export { buildLayer, buildModel } from './build';
export { type BuildContext, Collector, type KerasFramework } from './context';
export { Names, snakeCase } from './names';
export type { LayerRun, Shapes } from './site';
export * from './spec';
export { isKnownClass, knownClasses } from './table';
export { broadcast as broadcastShapes, concatShapes } from './families/merge';
export { reshapeTo as reshapeShape } from './families/reshape';
export { type SourceOf, specFromConfig } from './from-config';
