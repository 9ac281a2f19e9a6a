import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';

type Props = { isOpen: boolean; title: ReactNode; label: string; onClose: () => void; children: ReactNode };

/** A sheet from the right, the whole screen on a phone. Escape and a click beside it close it. */
export function Drawer({ isOpen, title, label, onClose, children }: Props) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-50 flex w-full flex-col border-line border-l bg-page shadow-raised outline-none md:w-[min(52rem,92vw)]"
        >
          <header className="flex items-center gap-3 border-line border-b bg-surface px-5 py-3.5">
            <Dialog.Title asChild>
              <div className="min-w-0 flex-1">{title}</div>
            </Dialog.Title>
            <Dialog.Close
              aria-label={`Close ${label}`}
              className="rounded-lg p-2 text-soft hover:bg-sunken hover:text-text"
            >
              <X aria-hidden="true" className="size-5" />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
