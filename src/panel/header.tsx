import type { ModelView, PanelState } from '../protocol/panel';
import { Assumptions } from './assumptions';
import { ExportMenu } from './exports';
import { post } from './host';
import { PlaceLink } from './place';
import { t } from './text';

/** Which model this is, where it stands, and the values it was read with. */
export function Header({ state, model }: { state: PanelState; model: ModelView }) {
  const { file, models } = state;
  const select = (name: string) => post({ type: 'select', selection: { model: name, layer: null } });
  return (
    <header class="page-head">
      <div class="title-row">
        <h1>{model.name}</h1>
        <ExportMenu saved={file.saved} />
      </div>
      <div class="origin">
        <span>{model.framework}</span>
        <PlaceLink place={model.place}>
          {model.place ? `${file.name}:${model.place.line + 1}` : file.name}
        </PlaceLink>
        {models.length > 1 && (
          <label class="inline">
            {t('model')}
            <select value={model.name} onChange={(event) => select(event.currentTarget.value)}>
              {models.map((m) => (
                <option key={m.name} value={m.name}>
                  {m.name}
                </option>
              ))}
            </select>
          </label>
        )}
        {model.construction && (
          <span class="construction">
            {t('built by')}{' '}
            <PlaceLink place={model.construction.place}>
              <code>{model.construction.text}</code>
            </PlaceLink>
          </span>
        )}
      </div>
      <Assumptions model={model} />
    </header>
  );
}
