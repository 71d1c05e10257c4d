export * from './flow';
export * from './products';
export { RunRefused } from './refuse';
export type { Watcher } from './pace';
export { runProbe } from './probe';
