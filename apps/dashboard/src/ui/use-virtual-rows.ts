import { useWindowVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

type Rows<Place extends HTMLElement> = {
  /** Set on the element that holds the rows. */
  place: RefObject<Place | null>;
  items: readonly VirtualItem[];
  /** Heights of what is left out before and after the items. */
  beforePx: number;
  afterPx: number;
  /** Set on every row, with `data-index`. */
  measure: (row: Element | null) => void;
};

/** The rows of a long list that are in or near the window; the page itself is what scrolls. */
export function useVirtualRows<Place extends HTMLElement>(
  count: number,
  rowPx: number,
  keyOf: (at: number) => string,
): Rows<Place> {
  const place = useRef<Place>(null);
  const [topPx, setTopPx] = useState(0);
  // What stands above the list may grow or wrap at any time, so its place is read after every draw.
  useLayoutEffect(() => {
    if (place.current !== null) setTopPx(Math.round(place.current.getBoundingClientRect().top + scrollY));
  });
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => rowPx,
    getItemKey: keyOf,
    overscan: 12,
    scrollMargin: topPx,
  });
  const items = rows.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  return {
    place,
    items,
    beforePx: first === undefined ? 0 : first.start - topPx,
    afterPx: last === undefined ? 0 : rows.getTotalSize() - (last.end - topPx),
    measure: rows.measureElement,
  };
}
