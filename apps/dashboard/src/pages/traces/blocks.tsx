import { Brain, FileJson, Image, Wrench } from 'lucide-react';
import { LongText } from './long-text.tsx';
import type { Block } from './message-text.ts';

const looks = {
  thinking: { icon: Brain, verb: '' },
  'tool-call': { icon: Wrench, verb: 'calls ' },
  'tool-result': { icon: Wrench, verb: 'result of ' },
  image: { icon: Image, verb: '' },
  other: { icon: FileJson, verb: '' },
};

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div className="flex flex-col gap-3">
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a finished message never move
        <BlockView key={at} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  if (block.kind === 'text') return <LongText text={block.text} className="text-sm leading-relaxed" />;
  const { icon: Icon, verb } = looks[block.kind];
  return (
    <div className="rounded-lg border border-line bg-sunken">
      <p className="flex items-center gap-2 border-line border-b px-3 py-1.5 text-soft text-xs">
        <Icon aria-hidden="true" className="size-3.5 shrink-0" />
        <span className="min-w-0 wrap-anywhere">
          {verb}
          <span className="font-medium">{block.title}</span>
        </span>
      </p>
      <div className="flex flex-col gap-2 px-3 py-2.5">
        {block.source === undefined ? null : (
          <img
            src={block.source}
            alt="As it was sent"
            className="max-h-72 min-h-4 min-w-4 self-start rounded-md border border-line"
          />
        )}
        <LongText text={block.text} className="font-mono text-xs leading-relaxed" />
      </div>
    </div>
  );
}
