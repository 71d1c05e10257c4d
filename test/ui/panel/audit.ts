/** What can be wrong with how the page looks and behaves, asked of the page itself. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';

/** Layout shifts since the page was loaded that no input explains, one line each; by the browser's own record. */
export async function shiftsOf(frame: Frame): Promise<string[]> {
  return frame.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const lines: string[] = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const shift = entry as PerformanceEntry & {
              value: number;
              hadRecentInput: boolean;
              sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
            };
            if (shift.hadRecentInput) continue;
            for (const { node, previousRect: a, currentRect: b } of shift.sources) {
              // A right-aligned figure that got another digit has not moved.
              if (Math.abs(b.x - a.x) < 1 && Math.abs(b.y - a.y) < 1) continue;
              const name = node instanceof Element ? node.outerHTML.slice(0, 80) : node?.textContent;
              lines.push(
                `${shift.value.toFixed(4)} ${name}: ${a.x},${a.y} ${a.width}×${a.height} → ${b.x},${b.y}`,
              );
            }
          }
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(lines), 200);
      }),
  );
}

/** Collects what the security policy of a webview refuses from now on, as the console reports it. */
export function refusals(page: Page): string[] {
  const refused: string[] = [];
  page.on('console', (line) => {
    const here = /fake\.html|panel\.(js|css)/.test(line.location().url);
    if (here && /content security policy/i.test(line.text())) refused.push(line.text());
  });
  return refused;
}

/** What axe-core finds wrong with the page, one line each. */
export async function violations(frame: Frame): Promise<string[]> {
  const there = await frame.evaluate(() => 'axe' in globalThis);
  if (!there) await frame.evaluate(await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const found = await frame.evaluate(() => {
    const { axe } = globalThis as unknown as {
      axe: { run(root: Element, options: object): Promise<AxeResults> };
    };
    return axe.run(document.documentElement, { resultTypes: ['violations'] });
  });
  return found.violations.flatMap((v) =>
    v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary}`),
  );
}

/** Elements that stick out of the page at the right, and texts that are cut off in their own box. */
export function clipped(frame: Frame): Promise<string[]> {
  // One expression: names inside would not survive the way into the page.
  return frame.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *')]
      .filter((e) => !e.closest('.table-scroll, .quantities, .sr-only') && e.getClientRects().length > 0)
      .filter(
        (e) =>
          e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 ||
          (getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1),
      )
      .map((e) => e.outerHTML.slice(0, 120)),
  );
}

/** Pairs of texts in a chart that lie over each other. */
export function overlapping(frame: Frame): Promise<string[]> {
  return frame.evaluate(() =>
    [...document.querySelectorAll('svg.chart')].flatMap((chart) => {
      const texts = [...chart.querySelectorAll('text')].map((e) => ({ e, box: e.getBoundingClientRect() }));
      return texts.flatMap(({ e, box: a }, i) =>
        texts
          .slice(i + 1)
          .filter(
            ({ box: b }) =>
              a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3,
          )
          .map((other) => `${e.textContent} / ${other.e.textContent}`),
      );
    }),
  );
}

/** Curves, bars and marks that have no colour: a theme may lack one that the page asks for. */
export function colourless(frame: Frame): Promise<string[]> {
  return frame.evaluate(() =>
    [...document.querySelectorAll('.curve .line, .bar .fill, .swatch')]
      .filter((e) => e.getClientRects().length > 0)
      .filter((e) => {
        const { stroke, fill, backgroundColor } = getComputedStyle(e);
        const colour = e.matches('.line') ? stroke : e.matches('.fill') ? fill : backgroundColor;
        return (
          /^(none|transparent|rgba\(.*, 0\))$/.test(colour) ||
          (e.matches('.fill') && colour === 'rgb(0, 0, 0)')
        );
      })
      .map((e) => e.outerHTML.slice(0, 80)),
  );
}
