/**
 * Keeps the end of a growing text in view, but only while its reader is at the end. A new text begins at its top and
 * stays there; whoever scrolls to the end is kept there; scrolling up lets go.
 */
'use client';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

// Within this many pixels of the end counts as being there.
const nearPx = 48;

export interface StickToEnd {
  box: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** True when text has been added below what is in view. */
  below: boolean;
  toEnd: (smooth?: boolean) => void;
  /** Puts the top of an element of the content at the top of the view. */
  toTopOf: (element: Element) => void;
}

export function useStickToEnd(): StickToEnd {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(false);
  // Where the view was put by us: scrolling to there was nobody's wish.
  const placed = useRef(-1);
  const [below, setBelow] = useState(false);

  const toEnd = useCallback((smooth = false) => {
    following.current = true;
    setBelow(false);
    box.current?.scrollTo({ top: box.current.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
  }, []);

  const toTopOf = useCallback((element: Element) => {
    element.scrollIntoView({ block: 'start', behavior: 'instant' });
    placed.current = box.current?.scrollTop ?? -1;
    following.current = false;
    setBelow(false);
  }, []);

  useEffect(() => {
    const scroller = box.current;
    const inner = content.current;
    if (scroller === null || inner === null) return undefined;
    let height = inner.offsetHeight;
    const onScroll = (): void => {
      const end = isAtEnd(scroller);
      if (end) setBelow(false);
      if (scroller.scrollTop === placed.current) return;
      placed.current = -1;
      following.current = end;
    };
    const observer = new ResizeObserver(() => {
      const grown = inner.offsetHeight > height + 1;
      height = inner.offsetHeight;
      if (following.current) scroller.scrollTop = scroller.scrollHeight;
      else if (grown && !isAtEnd(scroller)) setBelow(true);
    });
    scroller.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(inner);
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, []);

  return { box, content, below, toEnd, toTopOf };
}

function isAtEnd(scroller: HTMLElement): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearPx;
}
