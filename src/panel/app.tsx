import { useEffect, useMemo, useReducer } from 'preact/hooks';
import { PageContext } from './context';
import { listen, post, restore, save } from './host';
import { ModelPage } from './model-page';
import { firstState, reduce } from './page-state';
import { Failed, Loading, NoModel } from './phases';
import { setStrings } from './text';

/** The page: what it shows follows from the messages of the extension and from its own few switches. */
export function App() {
  const [page, dispatch] = useReducer(reduce, restore(), firstState);

  useEffect(() => {
    listen((message) => {
      if (message.type === 'init') {
        setStrings(message.strings);
        document.documentElement.lang = message.language;
      }
      dispatch(message);
    });
    post({ type: 'ready' });
  }, []);

  const { state, sizing, open } = page;
  useEffect(() => {
    if (!state) return;
    const selection = { model: state.model?.name ?? null, layer: state.model?.comparison?.path ?? null };
    save({ uri: state.file.uri, selection, sizing, open: [...open] });
  }, [state, sizing, open]);

  const context = useMemo(() => ({ dispatch, isOpen: (id: string) => open.has(id) }), [open]);
  if (!page.started || !state || (state.phase === 'loading' && !state.model)) return <Loading />;
  if (state.phase === 'error') return <Failed state={state} />;
  if (!state.model) return <NoModel state={state} />;
  return (
    <PageContext.Provider value={context}>
      <ModelPage page={page} state={state} model={state.model} />
    </PageContext.Provider>
  );
}
