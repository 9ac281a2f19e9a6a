import { CircleHelp, Funnel } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';

type Props = { value: string | undefined; onChange: (filter: string | undefined) => void };

const examples = [
  ['model:gpt-5 status:error', 'of this model, and failed'],
  ['cost>0.01 duration>2s', 'dear and slow'],
  ['user:"ann" OR tag:beta', 'one or the other'],
  ['-environment:production', 'everywhere else'],
  ['type:tool name:search', 'tools by name, among the spans'],
  ['metadata.plan:pro', 'by what a sender told'],
] as const;

/** An expression of the filter language; it is applied with Enter, because half an expression finds nothing. */
export function FilterField({ value = '', onChange }: Props) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // A value that came by a link or the back button replaces what stands in the field.
  if (value !== seen) {
    setSeen(value);
    setText(value);
  }
  const apply = () => onChange(text.trim() === '' ? undefined : text.trim());
  return (
    <form
      className="flex w-full items-center gap-1 sm:w-96"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label className="relative min-w-0 flex-1">
        <span className="sr-only">Filter</span>
        <Funnel aria-hidden="true" className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint" />
        <input
          type="text"
          value={text}
          maxLength={4_000}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          onBlur={apply}
          placeholder="Filter: cost>0.01 status:error"
          className="h-9 w-full rounded-lg border border-field bg-surface pr-3 pl-9 font-mono text-xs placeholder:font-sans placeholder:text-faint placeholder:text-sm"
        />
      </label>
      <Help
        onChoose={(example) => {
          setText(example);
          onChange(example);
        }}
      />
    </form>
  );
}

function Help({ onChoose }: { onChoose: (example: string) => void }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label="What can be filtered"
        className="grid size-9 shrink-0 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-text"
      >
        <CircleHelp aria-hidden="true" className="size-4.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-40 w-88 max-w-[calc(100vw-1.5rem)] rounded-xl border border-line bg-raised p-4 text-sm shadow-raised"
        >
          <p className="mb-3 text-soft">
            Fields with values, side by side where all must hold.{' '}
            <code className="font-mono text-xs">OR</code>, <code className="font-mono text-xs">-</code> and
            parentheses work as you expect.
          </p>
          <ul className="flex flex-col gap-1">
            {examples.map(([example, meaning]) => (
              <li key={example}>
                <Popover.Close
                  onClick={() => onChoose(example)}
                  className="-mx-2 flex w-[calc(100%+1rem)] flex-col rounded-lg px-2 py-1.5 text-left hover:bg-sunken"
                >
                  <code className="font-mono text-xs">{example}</code>
                  <span className="text-faint text-xs">{meaning}</span>
                </Popover.Close>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
