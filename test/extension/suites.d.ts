/** Imports every suite of the room; made at bundle time by scripts/lib/bundle-suites.mjs. */
declare module 'suites:extension';
