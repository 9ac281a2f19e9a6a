import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';

type Tab = { value: string; label: string; content: ReactNode };

/** Views of one thing, one at a time. */
export function TabList({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  return (
    <Tabs.Root defaultValue={tabs[0]?.value ?? ''} className="flex flex-col">
      <Tabs.List
        aria-label={label}
        className="sticky top-0 z-10 flex gap-1 border-line border-b bg-page px-5"
      >
        {tabs.map(({ value, label: name }) => (
          <Tabs.Trigger
            key={value}
            value={value}
            className="-mb-px border-transparent border-b-2 px-3 py-3 font-medium text-faint text-sm hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Content key={value} value={value} className="px-5 py-5 outline-none">
          {content}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
