import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { restore } from './host';

/** How long the page has to stand still before its place is remembered. */
const QUIET_MS = 250;

/** How far the page is scrolled; goes back there when the page comes back (VS Code unloads it while it is hidden). */
export function useScroll(filled: boolean): number {
  const [scroll, setScroll] = useState(() => restore()?.scroll ?? 0);
  const first = useRef(scroll);
  useLayoutEffect(() => {
    if (filled) window.scrollTo(0, first.current);
  }, [filled]);
  useEffect(() => {
    if (!filled) return;
    let timer = 0;
    const moved = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => setScroll(window.scrollY), QUIET_MS);
    };
    window.addEventListener('scroll', moved, { passive: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('scroll', moved);
    };
  }, [filled]);
  return scroll;
}
