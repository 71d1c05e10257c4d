/** Mocha as a browser knows it: its bundle puts the class in place as a global. */
import '../../../node_modules/mocha/mocha.js';

export default (globalThis as unknown as { Mocha: unknown }).Mocha;
