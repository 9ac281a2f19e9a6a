import { Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { classNames } from './class-names.ts';

type Action = { label: string; isDanger?: boolean; run: () => void };
type Props = { label: string; actions: readonly Action[] };

/** What can be done with one row, behind three dots. */
export function RowMenu({ label, actions }: Props) {
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
          className="z-40 min-w-40 rounded-xl border border-line bg-raised p-1.5 shadow-raised"
        >
          {actions.map(({ label: name, isDanger = false, run }) => (
            <DropdownMenu.Item
              key={name}
              onSelect={run}
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
