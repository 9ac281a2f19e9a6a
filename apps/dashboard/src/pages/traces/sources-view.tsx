import { ExternalLink } from 'lucide-react';
import { MoreOf } from '../../ui/more-of.tsx';
import type { Source } from './content/block.ts';
import { LongText } from './long-text.tsx';

const SOURCES_SHOWN = 20;

/** What a text rests on, by number. A link leads away only when it is clicked, and says nothing of where from. */
export function SourcesView({ sources }: { sources: readonly Source[] }) {
  const numbered = sources.map((source, at) => ({ source, number: at + 1 }));
  return (
    <MoreOf
      items={numbered}
      step={SOURCES_SHOWN}
      noun="sources"
      draw={(shown) => (
        <ol className="flex flex-col gap-1.5 text-xs">
          {shown.map(({ source, number }) => (
            <li key={number} className="flex gap-2">
              <span className="w-6 shrink-0 text-right text-faint tabular-nums">{number}.</span>
              <div className="min-w-0 flex-1">
                <Title source={source} />
                {source.quote === undefined ? null : (
                  <div className="mt-1 border-line-strong border-l-2 pl-2.5 text-soft">
                    <LongText text={source.quote} className="leading-relaxed" />
                  </div>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
    />
  );
}

function Title({ source: { title, url } }: { source: Source }) {
  if (url === undefined) return <bdi className="wrap-anywhere">{title}</bdi>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer noopener nofollow"
      className="text-accent-strong underline decoration-line-strong underline-offset-4 wrap-anywhere hover:decoration-accent"
    >
      <bdi>{title}</bdi>
      <span className="text-faint"> {new URL(url).host}</span>
      <ExternalLink aria-hidden="true" className="ml-1 inline size-3 align-[-1px]" />
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  );
}
