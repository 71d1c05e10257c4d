import type { ModelView, PanelState } from '../protocol/panel';
import { Assumptions } from './assumptions';
import { ExportMenu } from './exports';
import { ModelChoices } from './model-choices';
import { PlaceLink } from './place';

/** Which model this is, where it stands, and the values it was read with. */
export function Header({ state, model }: { state: PanelState; model: ModelView }) {
  const { file, models } = state;
  return (
    <header class="page-head">
      <div class="title-row">
        <h1>{models.find((m) => m.name === model.name)?.className ?? model.name}</h1>
        <ExportMenu saved={file.saved} />
      </div>
      <div class="origin">
        <span>{model.framework}</span>
        <PlaceLink place={model.place}>
          {model.place ? `${file.name}:${model.place.line + 1}` : file.name}
        </PlaceLink>
        <ModelChoices models={models} model={model} />
      </div>
      <Assumptions model={model} />
    </header>
  );
}
