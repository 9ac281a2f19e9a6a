import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { type Guide, listGuides } from './guides.ts';

type Section = { value: string; title: string; about: string };

const sections: readonly Section[] = [
  {
    value: 'call',
    title: 'Call models',
    about: 'Any client of a provider works: give it this address and a gateway key.',
  },
  {
    value: 'trace',
    title: 'Send traces',
    about:
      'Calls through the gateway are traced already. Whatever else calls models sends its traces with an ingest key, which can read nothing.',
  },
  {
    value: 'ask',
    title: 'Ask for traces',
    about: 'With a gateway key that may read traces. A key sees its own project and nothing else.',
  },
];

/** How to connect: each way with this server's own address, to be copied as it is. */
export function ConnectPage() {
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-5">
      <PageTitle title="Docs" />
      {sections.map((section) => (
        <SectionCard key={section.value} section={section} />
      ))}
    </div>
  );
}

function SectionCard({ section: { value, title, about } }: { section: Section }) {
  const guides = listGuides(location.origin).filter((guide) => guide.section === value);
  const [open, setOpen] = useState(guides[0]?.value ?? '');
  return (
    <Card className="min-w-0 overflow-hidden">
      <div className="flex flex-col gap-1 px-5 pt-4 pb-2">
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="text-soft text-sm">
          {about}{' '}
          <Link to="/keys" className="text-accent-strong underline underline-offset-4">
            Make a key
          </Link>
        </p>
      </div>
      <TabList
        label={title}
        value={open}
        onChange={setOpen}
        tabs={guides.map((guide) => ({
          value: guide.value,
          label: guide.label,
          content: <GuideView guide={guide} />,
        }))}
      />
    </Card>
  );
}

function GuideView({ guide: { label, steps } }: { guide: Guide }) {
  return (
    <div className="flex flex-col gap-4">
      {steps.map(({ say, code }) => (
        <div key={say} className="flex flex-col gap-2">
          <p className="text-sm">{say}</p>
          <CodeBlock label={`${label}: ${say}`} text={code} />
        </div>
      ))}
    </div>
  );
}
