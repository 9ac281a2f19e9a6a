import { useMemo, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import type { Source } from './content/block.ts';
import { cutText } from './cut-text.ts';
import { MarkedText } from './marked-text.tsx';
import { textChunks } from './text-chunks.ts';

/** A browser cannot lay out megabytes at once: longer texts grow each time they are asked to. */
const FIRST_CHARACTERS = 6_000;
const MORE_CHARACTERS = 50_000;
/** Lines that are out of view cost next to nothing, one word over many lines does. */
const MORE_IN_LINES = 1_000_000;
const LONG_WORD = /\S{400}/;

type Props = { text: string; className: string; sources?: readonly Source[] | undefined };

/** A text with its line breaks; a long one begins short. Each line goes in the direction of its own script. */
export function LongText({ text, className, sources }: Props) {
  const [shown, setShown] = useState(FIRST_CHARACTERS);
  const rest = text.length - shown;
  const part = rest > 0 ? `${cutText(text, shown)}…` : text;
  const chunks = useMemo(() => textChunks(part), [part]);
  const hasLongWord = useMemo(() => LONG_WORD.test(text), [text]);
  const step = hasLongWord ? MORE_CHARACTERS : MORE_IN_LINES;
  return (
    <div className="min-w-0">
      <div className={classNames(hasLongWord && 'plain-letters', className)}>
        {chunks.map((chunk) => (
          <div
            key={chunk.start}
            dir="auto"
            className={classNames(
              'whitespace-pre-wrap wrap-break-word [unicode-bidi:plaintext]',
              chunks.length > 1 && '[contain-intrinsic-size:auto_160rem] [content-visibility:auto]',
            )}
          >
            <MarkedText chunk={chunk} sources={sources} />
          </div>
        ))}
      </div>
      {rest > 0 ? (
        <Button
          look="quiet"
          onClick={() => setShown(shown + step)}
          className="mt-2 font-sans text-accent-strong"
        >
          {rest <= step ? 'Show all' : `Show ${step.toLocaleString('en-US')} more`} of{' '}
          {text.length.toLocaleString('en-US')} characters
        </Button>
      ) : null}
    </div>
  );
}
