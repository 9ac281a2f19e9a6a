import { Brain, FileJson, Image, Wrench } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import type { Message } from './message-text.ts';

type Block = Message['blocks'][number];

/** Longer texts are cut until they are asked for: a browser cannot lay out megabytes at once. */
const CHARACTERS_SHOWN = 6_000;
const icons = {
  thinking: Brain,
  'tool-call': Wrench,
  'tool-result': Wrench,
  image: Image,
  other: FileJson,
  text: null,
};
const names = {
  thinking: '',
  'tool-call': 'calls ',
  'tool-result': 'result of ',
  image: '',
  other: '',
  text: '',
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
  const Icon = icons[block.kind];
  if (Icon === null)
    return <LongText text={block.text} className="whitespace-pre-wrap break-words text-sm leading-relaxed" />;
  return (
    <div className="rounded-lg border border-line bg-sunken">
      <p className="flex items-center gap-2 border-line border-b px-3 py-1.5 text-soft text-xs">
        <Icon aria-hidden="true" className="size-3.5" />
        <span>
          {names[block.kind]}
          <span className="font-medium">{block.title}</span>
        </span>
      </p>
      <LongText
        text={block.text}
        className="whitespace-pre-wrap break-words px-3 py-2.5 font-mono text-xs leading-relaxed"
      />
    </div>
  );
}

export function LongText({ text, className }: { text: string; className: string }) {
  const [isWhole, setIsWhole] = useState(false);
  if (isWhole || text.length <= CHARACTERS_SHOWN) return <div className={className}>{text}</div>;
  return (
    <div>
      <div className={className}>{text.slice(0, CHARACTERS_SHOWN)}…</div>
      <Button look="quiet" onClick={() => setIsWhole(true)} className="mt-1 text-accent">
        Show all {text.length.toLocaleString('en-US')} characters
      </Button>
    </div>
  );
}
