import type { TraceSummary } from '@app/contract';

/** What went wrong, if something did, and what was asked. */
export function Preview({ row }: { row: TraceSummary }) {
  const text = row.input_preview === '' ? null : <bdi>{row.input_preview}</bdi>;
  if (row.error_code === null) return text ?? <span aria-hidden="true">–</span>;
  return (
    <>
      <span className="mr-2 font-medium text-bad">{row.error_code}</span>
      {text}
    </>
  );
}
