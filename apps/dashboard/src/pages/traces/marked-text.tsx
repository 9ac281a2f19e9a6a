import { Fragment } from 'react';
import type { Source } from './content/block.ts';
import { marksOf } from './marks-of.ts';
import type { Chunk } from './text-chunks.ts';

/** A text with the number of a source behind each piece that rests on it. */
export function MarkedText({ chunk, sources }: { chunk: Chunk; sources: readonly Source[] | undefined }) {
  if (sources === undefined || sources.length === 0) return <Readable text={chunk.text} />;
  return marksOf(chunk, sources).map(({ start, text, numbers }) => (
    <Fragment key={start}>
      <Readable text={text} />
      {numbers.map((number) => (
        <Mark key={number} number={number} source={sources[number - 1]} />
      ))}
    </Fragment>
  ));
}

/** What a sender or the server put in the place of a private value. */
const PLACEHOLDER = /(\[(?:REDACTED|[A-Z][A-Z0-9_]{1,31}_(?:\d{1,9}|[0-9a-f]{6,32}))\])/;

/** A text in which it is seen where something private was taken out. */
function Readable({ text }: { text: string }) {
  const pieces = text.split(PLACEHOLDER);
  if (pieces.length === 1) return text;
  // Every other piece is a placeholder.
  return pieces.map((piece, at) =>
    at % 2 === 0 ? (
      piece
    ) : (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move
        key={at}
        title="A private value was taken out here before it was stored"
        className="rounded bg-warn-soft px-1 font-mono text-[0.85em] text-warn"
      >
        {piece}
      </mark>
    ),
  );
}

function Mark({ number, source }: { number: number; source: Source | undefined }) {
  const look = 'mx-0.5 align-super font-medium text-[0.68rem] leading-none';
  if (source?.url === undefined) return <span className={`${look} text-faint`}>[{number}]</span>;
  return (
    <a
      href={source.url}
      target="_blank"
      rel="noreferrer noopener nofollow"
      title={source.title}
      aria-label={`Source ${number}: ${source.title}`}
      className={`${look} text-accent-strong underline-offset-2 hover:underline`}
    >
      [{number}]
    </a>
  );
}
