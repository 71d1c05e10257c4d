import { useEffect, useMemo, useReducer } from 'preact/hooks';
import type { WhatIfValues, WhatIfView } from '../protocol/panel';
import { PageContext } from './context';
import { listenForDrops } from './drop';
import { listen, post, restore, save } from './host';
import { ModelPage } from './model-page';
import { firstState, reduce } from './page-state';
import { Failed, Loading, NoModel } from './phases';
import { setStrings } from './text';
import { useScroll } from './use-scroll';

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
    listenForDrops();
    post({ type: 'ready' });
  }, []);

  const { state, sizing, open } = page;
  const scroll = useScroll(state !== null);
  useEffect(() => {
    if (!state) return;
    const { file, goals, pinned, model } = state;
    const selection = { model: model?.name ?? null, layer: model?.comparison?.path ?? null };
    const whatIf = changedValues(model?.whatIf);
    save({ uri: file.uri, selection, sizing, open: [...open], goals, pinned, whatIf, scroll });
  }, [state, sizing, open, scroll]);

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

/** Null while the sliders stand as written. */
function changedValues(whatIf: WhatIfView | null | undefined): WhatIfValues | null {
  return whatIf && JSON.stringify(whatIf.values) !== JSON.stringify(whatIf.written) ? whatIf.values : null;
}
