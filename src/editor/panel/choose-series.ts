import { Uri, l10n, window, workspace } from 'vscode';
import type { FlowInput } from '../../model';
import { type Column, numericColumns, standardised } from '../../readers/series';
import { formatCount } from '../../report/numbers';
import { pick } from '../commands/choose';
import { say } from '../say';

/** A larger file is not read into memory for one column. */
const MAX_BYTES = 64 << 20;

/** The page takes the focus back when the file dialog closes; the question must outlive that. */
const STAYS = { ignoreFocusOut: true };

/** Asks for a CSV file, one of its columns, and whether to standardise it; undefined when the user thinks better of it. */
export async function chooseSeries(beside: Uri): Promise<FlowInput | undefined> {
  const [file] =
    (await window.showOpenDialog({
      title: l10n.t('CSV file to feed into the layer'),
      openLabel: l10n.t('Use This File'),
      defaultUri: Uri.joinPath(beside, '..'),
      filters: { CSV: ['csv', 'tsv', 'txt'] },
    })) ?? [];
  if (!file) return undefined;
  const { size } = await workspace.fs.stat(file);
  if (size > MAX_BYTES) {
    void window.showWarningMessage(
      l10n.t('{0} is larger than {1} MiB; it is not read.', nameOf(file), MAX_BYTES >> 20),
    );
    return undefined;
  }
  const columns = numericColumns(new TextDecoder().decode(await workspace.fs.readFile(file)));
  if (columns.length === 0) {
    void window.showWarningMessage(l10n.t('{0} has no column that begins with a number.', nameOf(file)));
    return undefined;
  }
  const column = await pick(columns.map(itemOf), l10n.t('Which column?'), STAYS);
  if (!column) return undefined;
  const scaled = await pick(
    [
      {
        label: l10n.t('Standardised'),
        description: l10n.t('mean 0, standard deviation 1'),
        value: true,
      },
      { label: l10n.t('As It Is in the File'), value: false },
    ],
    l10n.t('How is it fed in?'),
    STAYS,
  );
  if (scaled === undefined) return undefined;
  const of = l10n.t('{0} of {1}', column.name, nameOf(file));
  return {
    kind: 'series',
    name: scaled ? l10n.t('{0}, standardised', of) : of,
    values: scaled ? standardised(column.values) : column.values,
  };
}

function itemOf(column: Column) {
  const { name, values, end } = column;
  return {
    label: name,
    description: l10n.t('{0} numbers', formatCount(values.length)),
    ...(end ? { detail: say(end) } : {}),
    value: column,
  };
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
