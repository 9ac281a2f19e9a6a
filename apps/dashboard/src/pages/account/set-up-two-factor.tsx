import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type BegunTwoFactor, beginTwoFactor, confirmTwoFactor } from '../../api/account.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { BackupCodes } from './backup-codes.tsx';
import { PasswordQuestion } from './password-question.tsx';

/** Password, the code to scan, a first code, then the backup codes. */
export function SetUpTwoFactor({ onDone, onClose }: { onDone: () => Promise<void>; onClose: () => void }) {
  const [begun, setBegun] = useState<BegunTwoFactor>();
  const [isConfirmed, setIsConfirmed] = useState(false);
  if (begun === undefined) {
    return (
      <PasswordQuestion
        title="Set up the second factor"
        lead="You need an app that shows codes, such as Aegis, 1Password or Google Authenticator."
        action="Go on"
        run={async (password) => setBegun(await beginTwoFactor(password))}
        onClose={onClose}
      />
    );
  }
  if (isConfirmed) return <BackupCodes codes={begun.backupCodes} onClose={onClose} />;
  const confirmed = async () => {
    setIsConfirmed(true);
    await onDone();
  };
  return <FirstCode address={begun.totpURI} onDone={confirmed} onClose={onClose} />;
}

type Props = { address: string; onDone: () => Promise<void>; onClose: () => void };

function FirstCode({ address, onDone, onClose }: Props) {
  const [code, setCode] = useState('');
  const confirming = useMutation({ mutationFn: () => confirmTwoFactor(code.trim()), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirming.mutate();
  };
  return (
    <Modal
      title="Scan this with your app"
      lead="Then type the six digits that it shows. It is on only after that."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {confirming.error ? <Notice tone="bad">{confirming.error.message}</Notice> : null}
        <QrCode text={address} label="The code to scan" />
        <CodeBlock text={new URL(address).searchParams.get('secret') ?? ''} label="The same as text" />
        <Field
          label="Code"
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={confirming.isPending}>
            Switch on
          </Button>
        </div>
      </form>
    </Modal>
  );
}
