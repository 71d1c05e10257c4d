import type { Goals, SentenceView } from '../protocol/panel';
import { post } from './host';
import { Section } from './section';
import { Said } from './said';
import { t } from './text';

/** A recommendation from computed facts only; every sentence leads to its numbers or its paper. */
export function Decision({ sentences, goals }: { sentences: readonly SentenceView[]; goals: Goals }) {
  return (
    <Section id="decision" title={t('Decision')} remark={t('from the numbers on this page')}>
      <GoalsForm goals={goals} />
      <ul class="decision">
        {sentences.map((s, i) => (
          <li key={i}>
            <Said text={s.text} /> <Origin from={s.from} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Origin({ from }: { from: SentenceView['from'] }) {
  if (from.type === 'paper') return <a href={from.url}>{from.title}</a>;
  const { section } = from;
  return (
    <button type="button" class="link" onClick={() => goTo(section)}>
      {nameOf(section)}
    </button>
  );
}

function nameOf(section: 'layers' | 'compare' | 'what-if' | 'gradient'): string {
  switch (section) {
    case 'layers':
      return t('see Layers');
    case 'compare':
      return t('see Compare');
    case 'what-if':
      return t('see What if');
    case 'gradient':
      return t('see Gradient flow');
  }
}

function goTo(section: string): void {
  const title = document.getElementById(`${section}-title`);
  title?.scrollIntoView({ block: 'start' });
  title?.focus();
}

function GoalsForm({ goals }: { goals: Goals }) {
  const change = (part: Partial<Goals>) => post({ type: 'goals', goals: { ...goals, ...part } });
  return (
    <div class="goals" role="group" aria-label={t('What you need')}>
      <OptionalNumber
        id="goal-params"
        label={t('parameter budget')}
        value={goals.maxParams}
        onChange={(maxParams) => change({ maxParams })}
      />
      <OptionalNumber
        id="goal-data"
        label={t('training sequences')}
        value={goals.trainingSequences}
        onChange={(trainingSequences) => change({ trainingSequences })}
      />
      <span class="field">
        <label for="goal-target">{t('runs on')}</label>
        <select
          id="goal-target"
          value={goals.target}
          onChange={(event) => change({ target: event.currentTarget.value as Goals['target'] })}
        >
          <option value="any">{t('not stated')}</option>
          <option value="server">{t('a server')}</option>
          <option value="mobile">{t('a phone')}</option>
          <option value="microcontroller">{t('a microcontroller')}</option>
        </select>
      </span>
    </div>
  );
}

/** A positive number or nothing. */
function OptionalNumber(props: {
  id: string;
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  return (
    <span class="field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        class="number"
        type="text"
        inputMode="numeric"
        size={9}
        value={props.value === null ? '' : String(props.value)}
        placeholder={t('not stated')}
        onChange={(event) => {
          const n = Number(event.currentTarget.value.replace(/[_,\s]/g, ''));
          const stated = event.currentTarget.value.trim() !== '' && Number.isFinite(n) && n > 0;
          props.onChange(stated ? n : null);
          if (!stated) event.currentTarget.value = '';
        }}
      />
    </span>
  );
}
