import { extensions, type Uri, workspace } from 'vscode';
import { SECTION } from '../ids';

/** What is used of the Python extension's API (`@vscode/python-extension`). */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(path: unknown): Promise<{ readonly executable: { readonly uri?: Uri } } | undefined>;
  };
}

/** The user's own Python: the one chosen in the Python extension, else the setting; undefined when there is neither. */
export async function interpreterFor(uri: Uri): Promise<string | undefined> {
  return (await chosenInPythonExtension(uri)) ?? fromSetting(uri);
}

async function chosenInPythonExtension(uri: Uri): Promise<string | undefined> {
  const python = extensions.getExtension<PythonApi>('ms-python.python');
  if (!python) return undefined;
  try {
    const { environments } = await python.activate();
    const environment = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath(uri));
    return environment?.executable.uri?.fsPath;
  } catch {
    // An API that changed, or an environment that is gone: the setting remains.
    return undefined;
  }
}

function fromSetting(uri: Uri): string | undefined {
  const path = workspace.getConfiguration(SECTION, uri).get<unknown>('verify.pythonPath');
  return typeof path === 'string' && path.trim() !== '' ? path.trim() : undefined;
}
