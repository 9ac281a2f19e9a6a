import { Check, Copy, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';

type Props = {
  /** The text, or how to make it when it is long. */
  text: string | (() => string);
  label?: string;
  icon?: ReactNode;
  look?: 'plain' | 'quiet';
  /** What stands on it; on a phone always the icon alone. */
  shows?: 'label' | 'icon';
};

const SHOWN_MS = 2_000;
const copyIcon = <Copy aria-hidden="true" className="size-4" />;

/** Copies a text and says for two seconds whether it did. */
export function CopyButton({
  text,
  label = 'Copy',
  icon = copyIcon,
  look = 'plain',
  shows = 'label',
}: Props) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    setOutcome((await copyText(typeof text === 'string' ? text : text())) ? 'copied' : 'failed');
  };
  const said = outcome === undefined ? label : outcome === 'copied' ? 'Copied' : 'Not copied';
  return (
    <Button
      look={look}
      isSquare={shows === 'icon'}
      onClick={copy}
      aria-label={said}
      title={shows === 'icon' ? said : undefined}
    >
      {outcome === undefined ? icon : <Outcome outcome={outcome} />}
      {shows === 'label' ? <span className="hidden sm:inline">{said}</span> : null}
      <span role="status" className="sr-only">
        {outcome === undefined ? '' : said}
      </span>
    </Button>
  );
}

function Outcome({ outcome }: { outcome: 'copied' | 'failed' }) {
  if (outcome === 'copied') return <Check aria-hidden="true" className="size-4 text-good" />;
  return <X aria-hidden="true" className="size-4 text-bad" />;
}
