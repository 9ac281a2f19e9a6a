import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { ingestStatusQuery } from '../../api/ingest-status.ts';
import { Notice } from '../../ui/notice.tsx';
import { findIngestTrouble } from './ingest-trouble.ts';

/** What is wrong with the traces, until it is read and put away; it comes back when something new goes wrong. */
export function IngestWarning({ project }: { project: string }) {
  const { data: status } = useQuery(ingestStatusQuery(project));
  const [readText, setReadText] = useState('');
  const trouble = status === undefined ? [] : findIngestTrouble(status);
  const text = trouble.join(' ');
  if (text === '' || text === readText) return null;
  return (
    <div className="mx-auto mb-5 max-w-7xl">
      <Notice tone="warn">
        <span className="flex items-start gap-3">
          <span className="flex-1">{text}</span>
          <button
            type="button"
            aria-label="Put this warning away"
            onClick={() => setReadText(text)}
            className="rounded p-0.5 hover:bg-surface"
          >
            <X aria-hidden="true" className="size-4" />
          </button>
        </span>
      </Notice>
    </div>
  );
}
