import type { LayerView, ModelView } from '../protocol/panel';
import { formatShare } from '../report/numbers';
import { Bar } from './bar';
import { type TreeRow, layerTree } from './layer-tree';
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
  // A saved model has no cursor: what is compared is marked. Its paths are long, and are shown as a tree.
  const here = saved ? model.comparison?.path : cursor;
  const rows = saved
    ? layerTree(model.layers)
    : model.layers.map((layer) => ({ depth: 0, label: layer.path || layer.typeName, layer }));
  return (
    <Section
      id="layers"
      title={t('Layers')}
      remark={saved ? t('click a recurrent row to compare it') : t('click a row to go to its line')}
    >
      <table class="data fixed">
        <thead>
          <tr>
            <th scope="col" class="name">
              {t('layer')}
            </th>
            <th scope="col">{t('what')}</th>
            <th scope="col" class="num count">
              {t('parameters')}
            </th>
            <th scope="col" class="share tertiary">
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
          {rows.map((row) =>
            'layer' in row ? (
              <Row
                key={row.layer.path}
                layer={row.layer}
                label={row.label}
                depth={row.depth}
                total={total}
                here={row.layer.path === here}
                chosen={row.layer.path === model.comparison?.path}
                model={model.name}
              />
            ) : (
              <Group key={row.path} {...row} />
            ),
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {t('total')}
            </th>
            <td class="num">
              <Num of={model.totals.params} why={model.totals.unknown} />
            </td>
            <td class="share tertiary" />
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
  label: string;
  depth: number;
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
      <th scope="row" class={depthClass(props.depth)} title={layer.path}>
        {layer.recurrent && !layer.place ? (
          <button type="button" class="link">
            {props.label}
          </button>
        ) : (
          <PlaceLink place={layer.place}>{props.label}</PlaceLink>
        )}
      </th>
      <td class="what">{layer.what.map(say).join(', ')}</td>
      <td class="num">
        <Num of={layer.params} why={layer.unknown} />
      </td>
      <td class="share tertiary" title={formatShare(layer.params.value ?? undefined, total ?? undefined)}>
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

/** What the paths of the rows below share, with the sum of their parameters. */
function Group({ depth, label, path, params }: Extract<TreeRow, { readonly path: string }>) {
  return (
    <tr class="group">
      <th scope="row" colSpan={2} class={depthClass(depth)} title={path}>
        {label}
      </th>
      <td class="num">
        <Num of={params} why={[]} />
      </td>
      <td class="share secondary" />
      <td class="num secondary" />
      <td class="num" />
      <td class="num secondary" />
    </tr>
  );
}

/** Deeper than this, indentation takes the room that the names need. */
const MAX_INDENT = 6;

function depthClass(depth: number): string | undefined {
  return depth === 0 ? undefined : `depth-${Math.min(depth, MAX_INDENT)}`;
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
