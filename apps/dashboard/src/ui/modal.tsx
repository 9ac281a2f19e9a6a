import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';

type Props = { isOpen: boolean; title: string; lead: string; onClose: () => void; children: ReactNode };

/** A question in the middle of the page. */
export function Modal({ isOpen, title, lead, onClose, children }: Props) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content className="fixed top-1/2 left-1/2 z-50 flex max-h-[92dvh] w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col gap-5 overflow-y-auto rounded-2xl border border-line bg-raised p-6 shadow-raised outline-none">
          <div className="flex flex-col gap-1.5">
            <Dialog.Title className="font-semibold text-lg tracking-tight">{title}</Dialog.Title>
            <Dialog.Description className="text-soft text-sm">{lead}</Dialog.Description>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
