import type { CopyFormat } from '../protocol/panel';
import { post } from './host';
import { t } from './text';

/** Ways to take the numbers elsewhere. */
export function ExportMenu() {
  const copy = (format: CopyFormat) => () => post({ type: 'copy', format });
  const save = (format: CopyFormat) => () => post({ type: 'save', format });
  return (
    <details class="menu">
      <summary>{t('Copy and save')}</summary>
      <div class="menu-items" role="group" aria-label={t('Copy and save')}>
        <button type="button" onClick={copy('markdown')}>
          {t('Copy as Markdown')}
        </button>
        <button type="button" onClick={copy('csv')}>
          {t('Copy as CSV')}
        </button>
        <button type="button" onClick={copy('json')}>
          {t('Copy as JSON')}
        </button>
        <button type="button" onClick={save('markdown')}>
          {t('Save Markdown…')}
        </button>
        <button type="button" onClick={save('csv')}>
          {t('Save CSV…')}
        </button>
        <button type="button" onClick={save('json')}>
          {t('Save JSON…')}
        </button>
        <button type="button" onClick={() => post({ type: 'pin', what: 'this' })}>
          {t('Pin this model beside')}
        </button>
        <button type="button" onClick={() => post({ type: 'pin', what: 'revision' })}>
          {t('Pin a Git revision beside…')}
        </button>
        <button type="button" onClick={() => window.print()}>
          {t('Print')}
        </button>
      </div>
    </details>
  );
}
