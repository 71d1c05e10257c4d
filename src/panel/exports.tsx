import { useEffect, useRef } from 'preact/hooks';
import type { CopyFormat } from '../protocol/panel';
import { post } from './host';
import { printableHtml } from './printable';
import { t } from './text';

/** Ways to take the numbers elsewhere, in a menu that closes once something was chosen. */
export function ExportMenu({ saved }: { saved: boolean }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  useEffect(() => {
    const outside = (event: Event) => {
      if (!(event.target instanceof Node && menu.current?.contains(event.target))) close();
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, []);
  const items: readonly (readonly [string, () => void])[] = [
    [t('Copy as Markdown'), () => copy('markdown')],
    [t('Copy as CSV'), () => copy('csv')],
    [t('Copy as JSON'), () => copy('json')],
    [t('Save Markdown…'), () => save('markdown')],
    [t('Save CSV…'), () => save('csv')],
    [t('Save JSON…'), () => save('json')],
    [t('Pin this model beside'), () => post({ type: 'pin', what: 'this' })],
    // Git keeps saved models as bytes, often elsewhere: revisions are of source.
    ...(saved
      ? []
      : [[t('Pin a Git revision beside…'), () => post({ type: 'pin', what: 'revision' })] as const]),
    [t('Save a page to print…'), () => post({ type: 'print', html: printableHtml() })],
  ];
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        close();
        menu.current?.querySelector('summary')?.focus();
      }}
    >
      <summary>{t('Copy and save')}</summary>
      <div class="menu-items" role="group" aria-label={t('Copy and save')}>
        {items.map(([label, run]) => (
          <button
            key={label}
            type="button"
            onClick={() => {
              close();
              run();
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </details>
  );
}

function copy(format: CopyFormat): void {
  post({ type: 'copy', format });
}

function save(format: CopyFormat): void {
  post({ type: 'save', format });
}
