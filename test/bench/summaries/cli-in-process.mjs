/** The CLI as it is shipped, in this process, which then says how much memory it took at most. */
import { createRequire } from 'node:module';

process.on('exit', () => process.stderr.write(`${process.resourceUsage().maxRSS}\n`));
createRequire(import.meta.url)('../../../dist/cli.js');
