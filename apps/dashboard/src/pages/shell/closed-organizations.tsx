import type { Session } from '@app/contract';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Needs } from './needs.tsx';

/** Tells of organizations that ask for another way in, to somebody who is looking at one that does not. */
export function ClosedOrganizations({ session }: { session: Session }) {
  const [open, setOpen] = useState<string>();
  const closed = (session.organizations ?? []).filter(({ needs }) => needs != null);
  const chosen = closed.find(({ id }) => id === open);
  return (
    <>
      {closed.map(({ id, name }) => (
        <Button key={id} className="hidden w-full lg:inline-flex" onClick={() => setOpen(id)}>
          <span className="min-w-0 truncate">{name} is closed to you now</span>
        </Button>
      ))}
      {chosen?.needs ? (
        <Modal
          title={chosen.name}
          lead="It asks for another way in."
          closes
          onClose={() => setOpen(undefined)}
        >
          <Needs name={chosen.name} needs={chosen.needs} />
        </Modal>
      ) : null}
    </>
  );
}
