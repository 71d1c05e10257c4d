/** Where text stands on the screen, in the editor of a workbench page. */
import type { Page } from 'playwright-core';

/** Pixels in the page. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/**
 * The middle of the first occurrence of `text` in the visible lines of the active editor.
 * The editor draws spaces as no-break spaces and splits a line into many elements, so the search is over whole lines.
 */
export async function spotOf(page: Page, text: string): Promise<Spot> {
  // Given as a string of JavaScript semantics only: it runs in the page, out of reach of this module.
  const spot = await page.evaluate((wanted) => {
    for (const line of document.querySelectorAll('.editor-group-container.active .view-line')) {
      const nodes: Text[] = [];
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) nodes.push(walker.currentNode as Text);
      const whole = nodes.map((node) => node.data).join('');
      const start = whole.replaceAll('\u00a0', ' ').indexOf(wanted);
      if (start < 0) continue;
      let offset = start + Math.floor(wanted.length / 2);
      for (const node of nodes) {
        if (offset < node.length) {
          const range = document.createRange();
          range.setStart(node, offset);
          range.setEnd(node, offset + 1);
          const box = range.getBoundingClientRect();
          return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        }
        offset -= node.length;
      }
    }
    return undefined;
  }, text);
  if (!spot) throw new Error(`The editor does not show “${text}”.`);
  return spot;
}
