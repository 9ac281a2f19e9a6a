import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { cutText } from './cut-text.ts';

/** A browser cannot lay out megabytes at once: longer texts grow by this much each time they are asked to. */
const FIRST_CHARACTERS = 6_000;
const MORE_CHARACTERS = 50_000;
const LONG_WORD = /\S{400}/;

/** A text with its line breaks; a long one begins short. Each line goes in the direction of its own script. */
export function LongText({ text, className }: { text: string; className: string }) {
  const [shown, setShown] = useState(FIRST_CHARACTERS);
  const rest = text.length - shown;
  const part = rest > 0 ? `${cutText(text, shown)}…` : text;
  return (
    <div className="min-w-0">
      <div
        dir="auto"
        className={classNames(
          'whitespace-pre-wrap wrap-break-word [unicode-bidi:plaintext]',
          LONG_WORD.test(part) && 'plain-letters',
          className,
        )}
      >
        {part}
      </div>
      {rest > 0 ? (
        <Button
          look="quiet"
          onClick={() => setShown(shown + MORE_CHARACTERS)}
          className="mt-2 font-sans text-accent-strong"
        >
          {rest <= MORE_CHARACTERS ? 'Show all' : `Show ${MORE_CHARACTERS.toLocaleString('en-US')} more`} of{' '}
          {text.length.toLocaleString('en-US')} characters
        </Button>
      ) : null}
    </div>
  );
}
