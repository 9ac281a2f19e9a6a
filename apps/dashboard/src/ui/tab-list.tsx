import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';

type Tab<Name extends string> = { value: Name; label: string; content: ReactNode };
type Props<Name extends string> = {
  tabs: readonly Tab<Name>[];
  label: string;
  value: Name;
  onChange: (value: Name) => void;
};

/** Views of one thing, one at a time. */
export function TabList<Name extends string>({ tabs, label, value: open, onChange }: Props<Name>) {
  const change = (name: string) => {
    const chosen = tabs.find(({ value }) => value === name);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <Tabs.Root value={open} onValueChange={change} className="flex flex-col">
      <Tabs.List
        aria-label={label}
        className="sticky top-0 z-10 flex gap-1 overflow-x-auto border-line border-b bg-page px-2 [scrollbar-width:none] sm:px-5"
      >
        {tabs.map(({ value, label: name }) => (
          <Tabs.Trigger
            key={value}
            value={value}
            className="-outline-offset-2 shrink-0 border-transparent border-b-2 px-3 py-3 font-medium text-faint text-sm hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Content key={value} value={value} className="-outline-offset-2 p-4 sm:p-5">
          {content}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
