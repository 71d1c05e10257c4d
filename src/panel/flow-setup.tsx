import type { CellKind, FlowStart } from '../model';
import type { FlowChoicesView } from '../protocol/panel';
import { post } from './host';
import { t } from './text';

type Choices = Pick<FlowChoicesView, 'loss' | 'start'>;
type Kind = FlowStart['kind'];

/** What the next run is about: which loss, which initialisation beside the written one, what is fed in. */
export function FlowSetup(props: {
  choices: FlowChoicesView;
  cell: CellKind | undefined;
  steps: number;
  disabled: boolean;
}) {
  const { choices, cell, steps, disabled } = props;
  const { loss, start, series } = choices;
  const choose = (change: Partial<Choices>) =>
    post({ type: 'choose-flow', choices: { loss, start, ...change } });
  // A SimpleRNN has no gate whose bias could be set.
  const kinds: readonly Kind[] =
    cell === 'rnn' ? ['orthogonal', 'identity'] : ['forget-bias', 'chrono', 'orthogonal', 'identity'];
  return (
    <p class="flow-setup">
      <label class="inline">
        {t('Loss on')}{' '}
        <select
          value={loss}
          disabled={disabled}
          onChange={(event) => choose({ loss: event.currentTarget.value as Choices['loss'] })}
        >
          <option value="last">{t('the last state')}</option>
          <option value="all">{t('every state')}</option>
        </select>
      </label>
      <label class="inline">
        {t('Also try')}{' '}
        <select
          value={start?.kind ?? ''}
          disabled={disabled}
          onChange={(event) => {
            const kind = event.currentTarget.value as Kind | '';
            choose({ start: kind === '' ? null : startOf(kind, kind === 'chrono' ? Math.max(3, steps) : 1) });
          }}
        >
          <option value="">{t('nothing else')}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {kindName(kind, cell)}
            </option>
          ))}
        </select>
      </label>
      {start && (
        <input
          type="number"
          class="start-value"
          aria-label={kindName(start.kind, cell)}
          value={valueOf(start)}
          disabled={disabled}
          {...(start.kind === 'chrono' ? { min: 3, step: 1 } : { step: 'any' })}
          onChange={(event) => {
            const value = event.currentTarget.valueAsNumber;
            if (Number.isFinite(value)) choose({ start: startOf(start.kind, value) });
          }}
        />
      )}
      <span class="flow-input">
        {t('Input: {0}', series ?? t('noise'))}{' '}
        <button
          type="button"
          class="link"
          disabled={disabled}
          onClick={() => post({ type: 'choose-input', input: 'series' })}
        >
          {t('Column of a CSV file…')}
        </button>
        {series !== null && (
          <button
            type="button"
            class="link"
            disabled={disabled}
            onClick={() => post({ type: 'choose-input', input: 'noise' })}
          >
            {t('Noise again')}
          </button>
        )}
      </span>
    </p>
  );
}

function kindName(kind: Kind, cell: CellKind | undefined): string {
  switch (kind) {
    case 'forget-bias':
      return cell === 'gru' ? t('update-gate bias') : t('forget-gate bias');
    case 'chrono':
      return t('chrono initialisation for T =');
    case 'orthogonal':
      return t('orthogonal recurrent kernel ×');
    case 'identity':
      return t('identity recurrent kernel ×');
  }
}

function startOf(kind: Kind, value: number): FlowStart {
  switch (kind) {
    case 'forget-bias':
      return { kind, value };
    case 'chrono':
      return { kind, maxSteps: Math.max(3, Math.round(value)) };
    case 'orthogonal':
      return { kind, gain: value };
    case 'identity':
      return { kind, scale: value };
  }
}

function valueOf(start: FlowStart): number {
  switch (start.kind) {
    case 'forget-bias':
      return start.value;
    case 'chrono':
      return start.maxSteps;
    case 'orthogonal':
      return start.gain;
    case 'identity':
      return start.scale;
  }
}
