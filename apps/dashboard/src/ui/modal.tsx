import { Dialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';

type Props = {
  title: string;
  lead: string;
  /** Shows a button that closes it, where the content has none. */
  closes?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A question in the middle of the page, open as long as it is drawn. */
export function Modal({ title, lead, closes = false, onClose, children }: Props) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          onCloseAutoFocus={() => giveFocusBack(opener)}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[92dvh] w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col gap-5 overflow-y-auto rounded-2xl border border-line bg-raised p-6 shadow-raised outline-none"
        >
          <div className="flex flex-col gap-1.5">
            <Dialog.Title className="font-semibold text-lg tracking-tight wrap-anywhere">
              {title}
            </Dialog.Title>
            <Dialog.Description className="text-soft text-sm">{lead}</Dialog.Description>
          </div>
          {children}
          {closes ? (
            <Button onClick={onClose} className="self-end">
              Close
            </Button>
          ) : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What opened the question may be gone when it closes: then the page's content gets the focus, not the page's top. */
function giveFocusBack(opener: Element | null): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus();
    else document.querySelector('main')?.focus();
  });
}
