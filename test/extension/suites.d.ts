/** Imports every suite that is for this host; made at bundle time by scripts/lib/bundle-suites.mjs. */
declare module 'suites:extension';

/** Path of the repository; put in place at bundle time. */
declare const REPOSITORY: string;
/** Which tests to run, a regular expression; put in place at bundle time. */
declare const GREP: string | undefined;
/** Where the counts go, a path; put in place at bundle time. */
declare const REPORT: string | undefined;
