import type { LayerView, ModelView } from '../protocol/panel';
import { formatShare } from '../report/numbers';
import { Bar } from './bar';
import { post } from './host';
import { PlaceLink, revealPlace } from './place';
import { Num } from './quantity';
import { Said } from './said';
import { Section } from './section';
import { say, t } from './text';

/** What the model is made of and where its parameters are. The row that the editor's cursor stands in is marked. */
export function Layers(props: { model: ModelView; cursor: string | null; saved: boolean }) {
  const { model, cursor, saved } = props;
  const total = model.totals.params.value;
  return (
    <Section
      id="layers"
      title={t('Layers')}
      remark={saved ? t('click a recurrent row to compare it') : t('click a row to go to its line')}
    >
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{t('layer')}</th>
            <th scope="col">{t('what')}</th>
            <th scope="col" class="num">
              {t('parameters')}
            </th>
            <th scope="col" class="share secondary">
              {t('share')}
            </th>
            <th scope="col" class="num secondary">
              {t('MACs')}
            </th>
            <th scope="col" class="num">
              {t('FLOPs')}
            </th>
            <th scope="col" class="num secondary">
              {t('memory')}
            </th>
          </tr>
        </thead>
        <tbody>
          {model.layers.map((layer) => (
            <Row
              key={layer.path}
              layer={layer}
              total={total}
              here={layer.path === cursor}
              chosen={layer.path === model.comparison?.path}
              model={model.name}
            />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {t('total')}
            </th>
            <td class="num">
              <Num of={model.totals.params} why={model.totals.unknown} />
            </td>
            <td class="share secondary" />
            <td class="num secondary">
              <Num of={model.totals.macs} unit="compact" why={model.totals.unknown} />
            </td>
            <td class="num">
              <Num of={model.totals.flops} unit="compact" why={model.totals.unknown} />
            </td>
            <td class="num secondary">
              <Num of={model.totals.weightBytes} unit="bytes" why={model.totals.unknown} />
            </td>
          </tr>
        </tfoot>
      </table>
      <WhyUnknown model={model} />
    </Section>
  );
}

function Row(props: {
  layer: LayerView;
  total: number | null;
  here: boolean;
  chosen: boolean;
  model: string;
}) {
  const { layer, total } = props;
  const share =
    total !== null && layer.params.value !== null ? layer.params.value / Math.max(total, 1) : null;
  const choose = () => {
    if (layer.recurrent && !props.chosen) {
      post({ type: 'select', selection: { model: props.model, layer: layer.path } });
    }
    if (layer.place) revealPlace(layer.place);
  };
  return (
    <tr
      class={[
        props.here && 'here',
        layer.recurrent && 'recurrent',
        (layer.place || layer.recurrent) && 'clickable',
      ]
        .filter(Boolean)
        .join(' ')}
      aria-current={props.here ? 'location' : undefined}
      onClick={choose}
    >
      <th scope="row">
        {layer.recurrent && !layer.place ? (
          <button type="button" class="link">
            {layer.path}
          </button>
        ) : (
          <PlaceLink place={layer.place}>{layer.path === '' ? layer.typeName : layer.path}</PlaceLink>
        )}
      </th>
      <td class="what">{layer.what.map(say).join(', ')}</td>
      <td class="num">
        <Num of={layer.params} why={layer.unknown} />
      </td>
      <td class="share secondary" title={formatShare(layer.params.value ?? undefined, total ?? undefined)}>
        {share !== null && <Bar share={share} kind={layer.recurrent ? 'recurrent' : 'other'} />}
      </td>
      <td class="num secondary">
        <Num of={layer.macs} unit="compact" why={layer.unknown} />
      </td>
      <td class="num">
        <Num of={layer.flops} unit="compact" why={layer.unknown} />
      </td>
      <td class="num secondary">
        <Num of={layer.weightBytes} unit="bytes" why={layer.unknown} />
      </td>
    </tr>
  );
}

/** The reasons in words, once each, since a hover is not enough to find them. */
function WhyUnknown({ model }: { model: ModelView }) {
  const lines = model.layers.flatMap((layer) =>
    layer.unknown.map((text) => ({ path: layer.path || layer.typeName, text })),
  );
  if (lines.length === 0) return null;
  return (
    <ul class="why">
      {lines.map(({ path, text }, i) => (
        <li key={i}>
          <code>{path}</code> <Said text={text} />
        </li>
      ))}
    </ul>
  );
}
