import type { ModelChoice, ModelView } from '../protocol/panel';
import { post } from './host';
import { PlaceLink } from './place';
import { t } from './text';

/** The class that is looked at and, where the file builds it in several ways, the call that builds it. */
export function ModelChoices({ models, model }: { models: readonly ModelChoice[]; model: ModelView }) {
  const chosen = models.find((m) => m.name === model.name);
  const classes = [...new Map(models.map((m) => [m.className, m])).keys()];
  const ways = models.filter((m) => m.className === chosen?.className);
  const firstOf = (className: string) => models.find((m) => m.className === className)?.name ?? className;
  return (
    <>
      {classes.length > 1 && (
        <Choice
          label={t('model')}
          value={firstOf(chosen?.className ?? '')}
          options={classes.map((name) => ({ value: firstOf(name), text: name }))}
        />
      )}
      {ways.length > 1 && (
        <Choice
          label={t('built by')}
          value={model.name}
          options={ways.map((m) => ({ value: m.name, text: wayText(m) }))}
        />
      )}
      {model.construction && (
        <span class="construction">
          {ways.length > 1 ? '' : `${t('built by')} `}
          <PlaceLink place={model.construction.place}>
            {ways.length > 1 ? (
              lineText(model.construction.place?.line)
            ) : (
              <code>{model.construction.text}</code>
            )}
          </PlaceLink>
        </span>
      )}
    </>
  );
}

function Choice(props: {
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly text: string }[];
}) {
  return (
    <label class="inline choice">
      {props.label}
      <select
        value={props.value}
        onChange={(event) =>
          post({ type: 'select', selection: { model: event.currentTarget.value, layer: null } })
        }
      >
        {props.options.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The call as written; a class of the same name, by its line. */
function wayText({ construction, name, line }: ModelChoice): string {
  return construction ?? (line === null ? name : `${name}, ${lineText(line)}`);
}

function lineText(line: number | undefined): string {
  return line === undefined ? '' : t('line {0}', line + 1);
}
