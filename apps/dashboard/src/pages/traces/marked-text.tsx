import { Fragment } from 'react';
import type { Source } from './content/block.ts';
import { marksOf } from './marks-of.ts';
import type { Chunk } from './text-chunks.ts';

/** A text with the number of a source behind each piece that rests on it. */
export function MarkedText({ chunk, sources }: { chunk: Chunk; sources: readonly Source[] | undefined }) {
  if (sources === undefined || sources.length === 0) return chunk.text;
  return marksOf(chunk, sources).map(({ start, text, numbers }) => (
    <Fragment key={start}>
      {text}
      {numbers.map((number) => (
        <Mark key={number} number={number} source={sources[number - 1]} />
      ))}
    </Fragment>
  ));
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
