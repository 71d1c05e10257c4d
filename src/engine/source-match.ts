import { type SourceMatch, matchSource } from '../compare/match-source';
import { type Message, type Model, type Problem, message } from '../model';
import type { Analysis } from './analyse';

/** A model that a source declares, with the words for where. */
export interface DeclaredModel {
  readonly model: Model;
  /** `model.py:12` */
  readonly where: string;
}

/** Whether a source describes the same model as a saved file, in a sentence. */
export function matchSentence(match: SourceMatch<DeclaredModel> | undefined): Message {
  if (!match) return message('No source that was looked at describes this model.');
  const { model, where } = match.source;
  switch (match.kind) {
    case 'same':
      return message('The same model as {0} in {1}: every layer has its tensors.', model.name, where);
    case 'recurrent':
      return message(
        'Its recurrent layers are those of {0} in {1}. Other layers are stored in another form and were not compared.',
        model.name,
        where,
      );
    case 'different':
      return message('Not the same model as {0} in {1}, which comes nearest.', model.name, where);
  }
}

/** For analyses of sources and saved models side by side: what each saved model has to do with the sources. */
export function matchAnalyses(analyses: readonly Analysis[]): readonly Analysis[] {
  const isSaved = (a: Analysis) => a.models.some(({ model }) => model.form === 'saved');
  const sources = analyses
    .filter((a) => !isSaved(a))
    .flatMap(({ file, models }) =>
      models.map(({ model }): DeclaredModel => ({ model, where: placeOf(model, file) })),
    );
  if (sources.length === 0) return analyses;
  return analyses.map((a) =>
    isSaved(a)
      ? { ...a, problems: [...a.problems, ...a.models.flatMap((m) => saidOf(m.model, sources))] }
      : a,
  );
}

function saidOf(saved: Model, sources: readonly DeclaredModel[]): Problem[] {
  const match = matchSource(saved, sources);
  const said = [matchSentence(match), ...(match?.kind === 'different' ? match.differences : [])];
  return said.map((text) => ({
    code: 'source-match',
    severity: 'info',
    message: text,
    source: saved.source,
  }));
}

/** Lines are counted from 1 for people. */
export function placeOf({ source }: Model, file: string): string {
  return source.range ? `${file}:${source.range.start.line + 1}` : file;
}
