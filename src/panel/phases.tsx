import type { PanelState } from '../protocol/panel';
import { Problems } from './problems';
import { post } from './host';
import { Said } from './said';
import { t } from './text';

/** Before the first numbers: the page's outline, so that nothing jumps when they come. */
export function Loading() {
  return (
    <main class="phase" aria-busy="true">
      <h1>{t('Reading the model…')}</h1>
      <div class="skeleton" aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
      </div>
    </main>
  );
}

/** The file was read and holds no model. */
export function NoModel({ state }: { state: PanelState }) {
  return (
    <main class="phase">
      <h1>
        {state.file.saved
          ? t('No model was read from {0}', state.file.name)
          : t('No recurrent model in {0}', state.file.name)}
      </h1>
      {!state.file.saved && (
        <p>
          {t(
            'A model is a class derived from nn.Module or keras.Model, a Sequential, a functional model, or a saved model file.',
          )}
        </p>
      )}
      <Problems problems={state.problems} />
      <GoToFile state={state} />
    </main>
  );
}

/** The file could not be read at all. */
export function Failed({ state }: { state: PanelState }) {
  return (
    <main class="phase">
      <h1>{t('{0} could not be read', state.file.name)}</h1>
      {state.error && (
        <p role="alert">
          <Said text={state.error} />
        </p>
      )}
      <Problems problems={state.problems} />
      <p>
        <button type="button" onClick={() => post({ type: 'ready' })}>
          {t('Read again')}
        </button>
      </p>
      <GoToFile state={state} />
    </main>
  );
}

/** There is no text behind a saved model. */
function GoToFile({ state }: { state: PanelState }) {
  if (state.file.saved) return null;
  return (
    <p>
      <button type="button" onClick={() => post({ type: 'open-file' })}>
        {t('Go to the file')}
      </button>
    </p>
  );
}
