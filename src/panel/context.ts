import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageAction } from './page-state';

/** How a component deep in the page changes what the page itself remembers. */
export interface Page {
  readonly dispatch: (action: PageAction) => void;
  readonly isOpen: (id: string) => boolean;
}

export const PageContext = createContext<Page>({ dispatch: () => undefined, isOpen: () => false });

export function usePage(): Page {
  return useContext(PageContext);
}
