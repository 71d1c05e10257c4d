export * from './flow';
export * from './products';
export { RunRefused } from './refuse';
export type { Watcher } from './pace';
