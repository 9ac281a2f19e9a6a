import { Check, Columns3 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { COLUMN_NAMES, type ColumnName } from './use-columns.ts';

type Props = { chosen: readonly ColumnName[]; onChange: (columns: readonly ColumnName[]) => void };

/** Which columns the list has. The time stays: it is what opens a trace. */
export function ColumnChoice({ chosen, onChange }: Props) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="hidden h-9 items-center gap-2 rounded-lg border border-line-strong bg-surface px-3.5 font-medium text-sm hover:bg-sunken lg:inline-flex">
        <Columns3 aria-hidden="true" className="size-4" /> Columns
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-40 w-52 rounded-xl border border-line bg-raised p-1.5 shadow-raised"
        >
          {COLUMN_NAMES.filter((name) => name !== 'Time').map((name) => (
            <DropdownMenu.CheckboxItem
              key={name}
              checked={chosen.includes(name)}
              onCheckedChange={(isChosen) =>
                onChange(isChosen ? [...chosen, name] : chosen.filter((each) => each !== name))
              }
              onSelect={(event) => event.preventDefault()}
              className="flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-2 text-sm outline-none data-highlighted:bg-sunken"
            >
              <span className="grid size-4 place-items-center">
                <DropdownMenu.ItemIndicator>
                  <Check aria-hidden="true" className="size-4 text-accent-strong" />
                </DropdownMenu.ItemIndicator>
              </span>
              {name}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
