import { CopyButton } from './copy-button.tsx';

/** A text to be copied as it is. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <figure
      aria-label={label}
      className="relative w-full overflow-hidden rounded-lg border border-line bg-sunken text-left"
    >
      <pre className="overflow-x-auto p-4 pr-28 font-mono text-xs leading-relaxed">{text}</pre>
      <div className="absolute top-2 right-2">
        <CopyButton text={text} />
      </div>
    </figure>
  );
}
