#!/usr/bin/env node
/**
 * Bundles the product. Type checking is apart (`npm run check:types`).
 *
 *   node scripts/build.mjs            development bundles with source maps
 *   node scripts/build.mjs --minify   what is shipped: minified, no source maps
 *   node scripts/build.mjs --watch    rebuild on change
 */
import { buildAll, watchAll } from './lib/bundles.mjs';

if (process.argv.includes('--watch')) {
  await watchAll();
} else {
  try {
    await buildAll({ minify: process.argv.includes('--minify') });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
