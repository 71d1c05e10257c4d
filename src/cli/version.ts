import { version } from '../../package.json';

/** The product's version, as package.json has it. */
export const VERSION: string = version;
