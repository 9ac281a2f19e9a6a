import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Modal } from '../../ui/modal.tsx';

/** Shown this once. */
export function BackupCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  return (
    <Modal
      title="Backup codes"
      lead="Each lets you in once without the app. Keep them where your password is not. They are shown this once."
      onClose={() => undefined}
    >
      <CodeBlock text={codes.join('\n')} label="Your backup codes" />
      <Button look="primary" onClick={onClose} className="self-end">
        I have kept them
      </Button>
    </Modal>
  );
}
