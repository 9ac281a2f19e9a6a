import { CopyButton } from './copy-button.tsx';

/** A text to be copied as it is. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <figure
      aria-label={label}
      className="flex w-full items-start gap-2 rounded-lg border border-line bg-sunken py-2 pr-2 pl-4 text-left"
    >
      <pre className="min-w-0 flex-1 whitespace-pre-wrap py-2 font-mono text-xs leading-relaxed wrap-anywhere">
        {text}
      </pre>
      <CopyButton text={text} />
    </figure>
  );
}
