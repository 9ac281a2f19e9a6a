import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';

type Props<Item> = {
  items: readonly Item[];
  /** So many at first, and so many more each time. */
  step: number;
  /** What they are, for the button. */
  noun: string;
  draw: (items: readonly Item[]) => ReactNode;
};

/** The beginning of a list that may be very long, and a way to the rest. */
export function MoreOf<Item>({ items, step, noun, draw }: Props<Item>) {
  const [shown, setShown] = useState(step);
  const hidden = items.length - shown;
  return (
    <>
      {draw(hidden > 0 ? items.slice(0, shown) : items)}
      {hidden > 0 ? (
        <Button onClick={() => setShown(shown + step)} className="self-center">
          Show {Math.min(hidden, step).toLocaleString('en-US')} of {hidden.toLocaleString('en-US')} more{' '}
          {noun}
        </Button>
      ) : null}
    </>
  );
}
