export * from './cursor';
export * from './error';
export * from './json';
export * from './source';
export * from './zip';
export * from './json-positions';
