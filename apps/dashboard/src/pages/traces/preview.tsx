import type { TraceSummary } from '@app/contract';
import { routeFacts } from './route-facts.ts';

/** What went wrong, if something did, and what was asked; the kind of call where it says more than its text. */
export function Preview({ row }: { row: TraceSummary }) {
  const { name, isConversation } = routeFacts(row.name);
  const text = row.input_preview === '' ? null : <bdi>{row.input_preview}</bdi>;
  return (
    <>
      {row.error_code === null ? null : <span className="mr-2 font-medium text-bad">{row.error_code}</span>}
      {isConversation && text !== null ? null : <span className="mr-2 text-faint">{name}</span>}
      {text}
    </>
  );
}
