import { Notice } from '../../ui/notice.tsx';
import { pretty, type Unknown } from './content/json.ts';
import { cutText } from './cut-text.ts';

const SHOWN_CHARS = 20_000;

/** Stands in place of content that nobody foresaw. It is as plain as can be, because what was better has failed. */
export function PlainJson({ value }: { value: Unknown }) {
  const text = pretty(value);
  return (
    <>
      <Notice tone="warn">This has a form that cannot be shown for reading. Here is its JSON.</Notice>
      <pre className="whitespace-pre-wrap rounded-xl border border-line bg-surface p-4 font-mono text-xs leading-relaxed wrap-anywhere">
        {text.length > SHOWN_CHARS ? `${cutText(text, SHOWN_CHARS)}…` : text}
      </pre>
    </>
  );
}
