import { message, type SourceRef } from '../../model';
import { parseFile, type ParsedFile } from '../../readers/python/parse';
import type { CallArg, Expr } from '../../readers/python/parse/ast';
import type { TextFile } from '../../readers/types';
import { CannotEdit, type Change, type TextEdit } from '../types';
import type { Message } from '../../model';
import { nodesIn } from '../../readers/python/parse/navigate';

export type Call = Extract<Expr, { type: 'call' }>;

/** A Python file and the edits made to it so far. Offsets are those of its syntax tree. */
export class Draft {
  readonly file: ParsedFile;
  private readonly edits: TextEdit[] = [];
  private readonly notes: Message[] = [];

  /** Throws {@link CannotEdit} for a file that does not parse: an edit could not be trusted. */
  constructor({ file, text }: TextFile) {
    this.file = parseFile(file, text);
    if (this.file.problems.length > 0) {
      throw new CannotEdit(message('The file has syntax errors; it is not changed until they are gone.'));
    }
  }

  replace(from: number, to: number, text: string): void {
    this.edits.push({ range: this.file.text.range(from, to), text });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  note(note: Message): void {
    this.notes.push(note);
  }

  change(): Change {
    return { edits: this.edits, notes: this.notes };
  }

  textOf(node: { readonly from: number; readonly to: number }): string {
    return this.file.text.slice(node.from, node.to);
  }

  lineOf(offset: number): number {
    return this.file.text.lineOf(offset);
  }

  /** The white space in front of the line that holds `offset`. */
  indentOf(offset: number): string {
    const line = this.line(offset);
    return line.slice(0, line.length - line.trimStart().length);
  }

  line(offset: number): string {
    return this.file.text.written.split('\n')[this.lineOf(offset)] ?? '';
  }

  /** Adds whole lines (without their ends) below the line in which `offset` lies. */
  insertLinesBelow(offset: number, lines: readonly string[]): void {
    const line = this.lineOf(offset);
    const character = this.line(offset).replace(/\r$/, '').length;
    const end = { line, character };
    this.edits.push({ range: { start: end, end }, text: lines.map((l) => `\n${l}`).join('') });
  }

  /** Adds whole lines above the line in which `offset` lies, and above the decorators that belong to it. */
  insertLinesAbove(offset: number, lines: readonly string[]): void {
    const start = { line: this.lineOf(offset), character: 0 };
    this.edits.push({ range: { start, end: start }, text: lines.map((l) => `${l}\n`).join('') });
  }

  /** Deletes the lines of a statement that has them for itself. */
  deleteLines(node: { readonly from: number; readonly to: number }): void {
    const first = this.lineOf(node.from);
    const last = this.lineOf(node.to);
    this.edits.push({
      range: { start: { line: first, character: 0 }, end: { line: last + 1, character: 0 } },
      text: '',
    });
  }

  /** Is the name `torch` the package in this file? */
  importsTorch(): boolean {
    return this.file.body.some(
      (s) => s.type === 'import' && s.names.some((n) => n.name === 'torch' && n.as === 'torch'),
    );
  }

  /** The call that a layer was read from: the one at exactly this place. */
  callAt(source: SourceRef): Call {
    const at = source.range;
    const found = [...nodesIn(this.file.body)].find((node): node is Call => {
      if (node.type !== 'call' || !at) return false;
      const { start, end } = this.file.text.range(node.from, node.to);
      return (
        start.line === at.start.line &&
        start.character === at.start.character &&
        end.line === at.end.line &&
        end.character === at.end.character
      );
    });
    if (!found || source.file !== this.file.text.file) {
      throw new CannotEdit(message('The layer is not made by a call in this file.'));
    }
    return found;
  }

  /** Removes an argument and the comma in front of it. The first argument cannot be removed. */
  removeArgument(call: Call, index: number): void {
    const before = call.args[index - 1];
    const argument = call.args[index];
    if (!before || !argument) throw new CannotEdit(message('The arguments cannot be changed.'));
    this.replace(before.value.to, argument.value.to, '');
  }

  /** Turns the positional argument at `index` into a keyword. */
  nameArgument(argument: CallArg, name: string): void {
    this.insert(argument.value.from, `${name}=`);
  }

  /** Adds or replaces a keyword argument. */
  setKeyword(call: Call, name: string, value: string): void {
    const given = call.args.find((a) => a.name === name);
    const last = call.args.at(-1);
    if (given) this.replace(given.value.from, given.value.to, value);
    else if (last) this.insert(last.value.to, `, ${name}=${value}`);
    else this.insert(call.to - 1, `${name}=${value}`);
  }
}
