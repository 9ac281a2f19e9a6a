import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

type Props = { title: ReactNode; children: ReactNode };

/** Something that few want to see, closed until it is asked for. What is inside is not drawn before. */
export function Fold({ title, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="-mx-1 flex min-h-7 max-w-full items-center gap-1 rounded px-1 text-left text-soft text-xs hover:text-text"
      >
        <ChevronRight
          aria-hidden="true"
          className={`size-3.5 shrink-0 transition-transform motion-reduce:transition-none ${isOpen ? 'rotate-90' : ''}`}
        />
        <span className="min-w-0 wrap-anywhere">{title}</span>
      </button>
      {isOpen ? <div className="mt-2">{children}</div> : null}
    </div>
  );
}
