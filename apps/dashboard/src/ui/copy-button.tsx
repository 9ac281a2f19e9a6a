import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 2_000);
  };
  return (
    <Button onClick={copy} aria-label={isCopied ? 'Copied' : label}>
      {isCopied ? (
        <Check aria-hidden="true" className="size-4 text-good" />
      ) : (
        <Copy aria-hidden="true" className="size-4" />
      )}
      <span className="hidden sm:inline">{isCopied ? 'Copied' : label}</span>
    </Button>
  );
}
