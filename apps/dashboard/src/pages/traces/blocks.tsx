import { AudioLines, Brain, FileJson, FileText, Globe, Image, ShieldX, Wrench } from 'lucide-react';
import { classNames } from '../../ui/class-names.ts';
import { Fold } from '../../ui/fold.tsx';
import { MoreOf } from '../../ui/more-of.tsx';
import type { Block } from './content/block.ts';
import { LongText } from './long-text.tsx';
import { SourcesView } from './sources-view.tsx';
import { TokenChoices } from './token-choices.tsx';

const looks = {
  thinking: { icon: Brain, verb: '' },
  'tool-call': { icon: Wrench, verb: 'calls ' },
  'tool-result': { icon: Wrench, verb: 'result of ' },
  image: { icon: Image, verb: '' },
  audio: { icon: AudioLines, verb: '' },
  file: { icon: FileText, verb: '' },
  refusal: { icon: ShieldX, verb: '' },
  search: { icon: Globe, verb: '' },
  json: { icon: FileJson, verb: '' },
  other: { icon: FileJson, verb: '' },
};
const BLOCKS_SHOWN = 50;
const PROSE = 'text-sm leading-relaxed';
const CODE = 'font-mono text-xs leading-relaxed';
/** What people and models say reads as prose, what programs say as code. */
const spoken: ReadonlySet<Block['kind']> = new Set(['text', 'thinking', 'refusal', 'search', 'audio']);

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <MoreOf
        items={blocks}
        step={BLOCKS_SHOWN}
        noun="parts"
        draw={(shown) =>
          shown.map((block, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a finished message never move
            <BlockView key={at} block={block} />
          ))
        }
      />
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  if (block.kind === 'text') return <TextBlock block={block} />;
  const { icon: Icon, verb } = looks[block.kind];
  const isRefusal = block.kind === 'refusal';
  return (
    <div
      className={classNames(
        'overflow-hidden rounded-lg border bg-sunken',
        isRefusal ? 'border-warn' : 'border-line',
      )}
    >
      <p
        className={classNames(
          'flex flex-wrap items-center gap-x-2 px-3 py-1.5 text-xs',
          isRefusal ? 'bg-warn-soft text-warn' : 'text-soft',
        )}
      >
        <Icon aria-hidden="true" className="size-3.5 shrink-0" />
        <span className="min-w-0 wrap-anywhere">
          {verb}
          <bdi className="font-medium">{block.title}</bdi>
        </span>
        {block.note === undefined ? null : (
          <bdi className="ml-auto min-w-0 text-right text-faint wrap-anywhere">{block.note}</bdi>
        )}
      </p>
      <Inside block={block} />
    </div>
  );
}

function Inside({ block }: { block: Block }) {
  const { kind, source, text, blocks, sources } = block;
  const hasNothing = text === '' && source === undefined && !blocks?.length && !sources?.length;
  if (hasNothing) return null;
  return (
    <div className="flex flex-col gap-2 border-line border-t px-3 py-2.5">
      {source === undefined ? null : (
        <img
          src={source}
          alt="As it was sent"
          loading="lazy"
          decoding="async"
          className="max-h-72 min-h-4 min-w-4 max-w-full self-start rounded-md border border-line object-contain"
        />
      )}
      {text === '' ? null : kind === 'other' ? (
        <Fold title="Show its JSON">
          <LongText text={text} className={CODE} />
        </Fold>
      ) : (
        <LongText text={text} className={spoken.has(kind) ? PROSE : CODE} />
      )}
      {blocks === undefined || blocks.length === 0 ? null : <Blocks blocks={blocks} />}
      {sources === undefined || sources.length === 0 ? null : <SourcesView sources={sources} />}
    </div>
  );
}

function TextBlock({ block: { text, note, sources, tokens } }: { block: Block }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <LongText text={text} className={PROSE} sources={sources} />
      {note === undefined ? null : <p className="text-faint text-xs">{note}</p>}
      {sources === undefined ? null : (
        <section aria-label="Sources" className="border-line border-t pt-2.5">
          <SourcesView sources={sources} />
        </section>
      )}
      {tokens === undefined ? null : (
        <Fold title={`How likely each token was (${tokens.length.toLocaleString('en-US')})`}>
          <TokenChoices tokens={tokens} />
        </Fold>
      )}
    </div>
  );
}
