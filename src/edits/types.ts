import type { Message, Range } from '../model';

/** Replaces a stretch of the file's text, counted in the text as it is. */
export interface TextEdit {
  readonly range: Range;
  readonly text: string;
}

/** A change of one file that keeps it valid. */
export interface Change {
  /** In any order; they do not overlap. */
  readonly edits: readonly TextEdit[];
  /** What the user should know before applying it. */
  readonly notes: readonly Message[];
}

/** Why a change is not offered: better none than one that breaks the code. */
export interface Refusal {
  readonly refused: Message;
}

export function isRefusal(result: Change | Refusal): result is Refusal {
  return 'refused' in result;
}

/** Thrown inside the edits room to give up on a change. */
export class CannotEdit extends Error {
  constructor(readonly reason: Message) {
    super(reason.text);
  }
}

/** Runs `make`; a {@link CannotEdit} in it becomes a {@link Refusal}. */
export function orRefusal(make: () => Change): Change | Refusal {
  try {
    return make();
  } catch (error) {
    if (error instanceof CannotEdit) return { refused: error.reason };
    throw error;
  }
}
