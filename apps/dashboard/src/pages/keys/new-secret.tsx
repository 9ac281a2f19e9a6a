import type { CreatedKey } from '@app/contract';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';

/** The one time that a key is shown. Only the button closes it: a stray click must not lose the key. */
export function NewSecret({ created, onClose }: { created: CreatedKey; onClose: () => void }) {
  return (
    <Modal
      title={created.key.name}
      lead="Copy the key now. It cannot be shown again."
      onClose={() => undefined}
    >
      <CodeBlock label="The new key" text={created.secret} />
      <Notice tone="warn">Keep it in an environment variable or a secret manager, never in code.</Notice>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </Modal>
  );
}
