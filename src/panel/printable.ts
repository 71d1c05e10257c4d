/** What only makes sense on a screen. */
const CONTROLS = [
  '.menu',
  'details:not([open])',
  '.picture',
  '.actions button',
  '.act',
  '.sliders input[type="range"]',
  '.assume',
  '.advice button',
  '[aria-hidden="true"]:not(svg):not(.swatch)',
  '.sr-only',
  'dialog',
  'script',
].join(', ');

/** The page as it stands, as HTML without controls: fields and choices as the text that they hold. */
export function printableHtml(): string {
  const page = document.querySelector('main');
  if (!page) return '';
  const copy = page.cloneNode(true) as HTMLElement;
  const fields = 'input:not([type="range"]):not([type="radio"]), select';
  const originals = [...page.querySelectorAll<HTMLInputElement | HTMLSelectElement>(fields)];
  copy.querySelectorAll(fields).forEach((field, i) => {
    const original = originals[i];
    if (original) field.replaceWith(textOf(original));
  });
  for (const group of copy.querySelectorAll('.segmented')) {
    group.replaceWith(group.querySelector('.on')?.textContent ?? '');
  }
  for (const control of copy.querySelectorAll(CONTROLS)) control.remove();
  for (const button of copy.querySelectorAll('button')) button.replaceWith(...button.childNodes);
  return copy.outerHTML;
}

function textOf(field: HTMLInputElement | HTMLSelectElement): string {
  if (field instanceof HTMLSelectElement) return field.selectedOptions[0]?.textContent ?? '';
  if (field.type === 'checkbox') return field.checked ? '☑ ' : '☐ ';
  return field.value || field.placeholder;
}
