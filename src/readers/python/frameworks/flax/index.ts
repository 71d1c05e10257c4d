export { flaxLinen } from './linen';
export { flaxNnx } from './nnx';
