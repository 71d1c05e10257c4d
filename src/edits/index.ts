export * from './apply';
export { hunksOf, type Hunk } from './hunks';
export { setArgument, setOption, settle, type Settlement } from './python/arguments';
export { convertLayer, type Conversion } from './python/convert';
export { resizeLayer } from './python/hidden-size';
export { initialiseLayer } from './python/initialise';
export { setSizes, type Sizes } from './python/set-sizes';
export { sizeAt, type WrittenSize } from './python/size-at';
export * from './types';
