import { Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef } from 'react';
import { classNames } from './class-names.ts';

type Action = { label: string; isDanger?: boolean; run: () => void };
type Props = { label: string; actions: readonly Action[] };

/** What can be done with one row, behind three dots. */
export function RowMenu({ label, actions }: Props) {
  const chosen = useRef<() => void>(undefined);
  // Only once the focus is back on the dots: what the action opens then knows where to give it back.
  const runChosen = () => {
    const run = chosen.current;
    chosen.current = undefined;
    if (run !== undefined) queueMicrotask(run);
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={label}
        className="grid size-9 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-text data-[state=open]:bg-sunken"
      >
        <Ellipsis aria-hidden="true" className="size-4.5" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          onCloseAutoFocus={runChosen}
          className="z-40 min-w-40 rounded-xl border border-line bg-raised p-1.5 shadow-raised"
        >
          {actions.map(({ label: name, isDanger = false, run }) => (
            <DropdownMenu.Item
              key={name}
              onSelect={() => {
                chosen.current = run;
              }}
              className={classNames(
                'cursor-pointer rounded-md px-2.5 py-2 text-sm outline-none data-highlighted:bg-sunken',
                isDanger && 'text-bad',
              )}
            >
              {name}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
