import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';

type Props = {
  isOpen: boolean;
  title: string;
  /** Buttons at the right of the title. */
  actions: ReactNode;
  /** Id of the element that gets the focus when the drawer closes. */
  returnTo: string | undefined;
  onClose: () => void;
  children: ReactNode;
};

/** A sheet from the right, the whole screen on a phone. Escape and a click beside it close it. */
export function Drawer({ isOpen, title, actions, returnTo, onClose, children }: Props) {
  const giveFocusBack = (event: Event) => {
    const place = returnTo === undefined ? null : document.getElementById(returnTo);
    if (place === null) return;
    event.preventDefault();
    place.focus({ preventScroll: true });
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={giveFocusBack}
          className="fixed inset-y-0 right-0 z-50 flex w-full flex-col border-line border-l bg-page shadow-raised outline-none md:w-[min(52rem,92vw)]"
        >
          <header className="flex items-center gap-1 border-line border-b bg-surface py-2 pr-3 pl-5">
            <Dialog.Title className="min-w-0 flex-1 truncate font-semibold text-base">{title}</Dialog.Title>
            {actions}
            <Dialog.Close
              aria-label={`Close: ${title}`}
              className="grid size-9 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-text"
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
