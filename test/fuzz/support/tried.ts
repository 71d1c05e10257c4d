/**
 * Holds one answer to one input to the promises that every entry point gives — it ends in time and leaves what all objects
 * share alone — and counts: `npm run fuzz` puts the counts into docs/hardening.md.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How much to try: 1 in `npm test`; `RNN_LENS_FUZZ=50` tries fifty times as much. */
export const BUDGET = Number(process.env['RNN_LENS_FUZZ'] ?? 1);

/** What an input may take, in milliseconds of the processor: other programs on the machine do not count. */
const LIMIT_MS = 3000;

interface Count {
  inputs: number;
  /** Of the answers, in milliseconds of the processor. */
  slowest: number;
  bytes: number;
}

const counts = new Map<string, Count>();

/** Runs one input through an entry point. */
export async function tried<T>(
  entry: string,
  size: number,
  run: () => T | Promise<T>,
  limit = LIMIT_MS,
): Promise<T> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1000;
  const count = counts.get(entry) ?? { inputs: 0, slowest: 0, bytes: 0 };
  count.inputs++;
  count.bytes += size;
  count.slowest = Math.max(count.slowest, took);
  counts.set(entry, count);
  assert.ok(took < limit, `${entry}: ${took.toFixed(0)} ms`);
  assert.equal(Object.keys(Object.prototype).length, 0, 'Object.prototype was changed');
  return result;
}

process.once('exit', () => {
  const path = process.env['RNN_LENS_FUZZ_STATISTICS'];
  if (!path) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify([...counts].map(([entry, count]) => ({ entry, ...count }))));
});
