import { Position, Range, type TextDocument } from 'vscode';
import type { LayerCost, ModelCost } from '../cost/types';
import type { Analysis } from '../engine/analyse';
import type { Position as TextPosition, Range as TextRange, SourceRef } from '../model';
import type { TextFile } from '../readers/types';

/** An analysis seen from one document, which may be one cell of the text that was analysed. */
export class DocumentView {
  private readonly lines: number;

  constructor(
    readonly document: TextDocument,
    readonly analysis: Analysis,
    private readonly firstLine: number,
    /** The text that was analysed. */
    readonly text: string,
  ) {
    this.lines = document.lineCount;
  }

  get models(): readonly ModelCost[] {
    return this.analysis.models;
  }

  /** The analysed text as the readers take it. */
  get source(): TextFile {
    return { file: this.analysis.file, text: this.text };
  }

  /** The place in this document; undefined when it lies in another file or cell. */
  rangeOf(source: SourceRef | undefined): Range | undefined {
    return source?.range && source.file === this.analysis.file ? this.toDocument(source.range) : undefined;
  }

  /** Models that are declared in this document. */
  modelsHere(): readonly { readonly cost: ModelCost; readonly range: Range }[] {
    return this.models.flatMap((cost) => {
      const range = this.rangeOf(cost.model.source);
      return range ? [{ cost, range }] : [];
    });
  }

  /** Layers that are created in this document. */
  layersHere(): readonly { readonly model: ModelCost; readonly cost: LayerCost; readonly range: Range }[] {
    return this.models.flatMap((model) =>
      model.layers.flatMap((cost) => {
        const range = this.rangeOf(cost.layer.source);
        return range ? [{ model, cost, range }] : [];
      }),
    );
  }

  /** A place in this document, in the analysed text. */
  toAnalysed({ line, character }: Position): TextPosition {
    return { line: line + this.firstLine, character };
  }

  /** A stretch of the analysed text, in this document. */
  toDocument({ start, end }: TextRange): Range | undefined {
    const first = start.line - this.firstLine;
    const last = end.line - this.firstLine;
    if (first < 0 || last < 0 || first >= this.lines) return undefined;
    return new Range(new Position(first, start.character), new Position(last, end.character));
  }
}
