import type { Passkey } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { accountQuery, createPasskey, deletePasskey } from '../../api/account.ts';
import { signInMethodsQuery } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { When } from '../../ui/when.tsx';
import { AccountSection } from './account-section.tsx';

type Step = 'add' | Passkey | undefined;

/** Devices that let the person in without a password. */
export function PasskeyList({ passkeys }: { passkeys: readonly Passkey[] }) {
  const [step, setStep] = useState<Step>();
  const queries = useQueryClient();
  const { data: methods } = useQuery(signInMethodsQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: accountQuery.queryKey });
  if (methods?.passkey === false && passkeys.length === 0) return null;
  return (
    <AccountSection
      title="Passkeys"
      lead="Sign in with a device of yours instead of a password. No site can be made to look like this one for it."
      action={<Button onClick={() => setStep('add')}>Add a passkey</Button>}
    >
      {passkeys.length === 0 ? null : (
        <ul className="divide-y divide-line">
          {passkeys.map((passkey) => (
            <li key={passkey.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
              <span className="min-w-0 flex-1 font-medium wrap-anywhere">{passkey.name}</span>
              <span className="text-faint text-xs">
                {passkey.last_used_at === null ? 'not used yet' : <When iso={passkey.last_used_at} />}
              </span>
              <Button look="quiet" onClick={() => setStep(passkey)} aria-label={`Remove ${passkey.name}`}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      {step === 'add' ? <AddPasskey onDone={refresh} onClose={() => setStep(undefined)} /> : null}
      {typeof step === 'object' ? (
        <Confirm
          title={`Remove “${step.name}”?`}
          lead="That device lets nobody in any more. Delete the passkey on it too."
          action="Remove passkey"
          run={() => deletePasskey(step.id).then(refresh)}
          onClose={() => setStep(undefined)}
        />
      ) : null}
    </AccountSection>
  );
}

function AddPasskey({ onDone, onClose }: { onDone: () => Promise<void>; onClose: () => void }) {
  const [name, setName] = useState('');
  const adding = useMutation({
    mutationFn: () => createPasskey(name.trim()),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate();
  };
  return (
    <Modal title="Add a passkey" lead="Your browser asks which device is to be it." onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        {adding.error ? <Notice tone="bad">{adding.error.message}</Notice> : null}
        <Field
          label="Name"
          required
          maxLength={64}
          placeholder="laptop"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={adding.isPending} disabled={name.trim() === ''}>
            Add passkey
          </Button>
        </div>
      </form>
    </Modal>
  );
}
