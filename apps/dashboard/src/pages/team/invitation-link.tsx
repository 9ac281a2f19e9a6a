import type { CreatedInvitation } from '@app/contract';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Modal } from '../../ui/modal.tsx';

/** The only time that the link is shown. */
export function InvitationLink({
  invitation,
  onClose,
}: {
  invitation: CreatedInvitation;
  onClose: () => void;
}) {
  const { email, link, mailed } = invitation;
  return (
    <Modal
      title={`Invited ${email}`}
      lead={
        mailed
          ? 'The link is on its way by e-mail. Here it is once more; it is not shown again.'
          : 'No e-mail is sent here: hand them this link yourself. It is not shown again.'
      }
      onClose={() => undefined}
    >
      <CodeBlock text={link} label="The link" />
      <Button look="primary" onClick={onClose} className="self-end">
        Done
      </Button>
    </Modal>
  );
}
