import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accountQuery, createBackupCodes, disableTwoFactor } from '../../api/account.ts';
import { sessionQuery } from '../../api/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { AccountSection } from './account-section.tsx';
import { BackupCodes } from './backup-codes.tsx';
import { PasswordQuestion } from './password-question.tsx';
import { SetUpTwoFactor } from './set-up-two-factor.tsx';

type Step = 'set-up' | 'disable' | 'codes' | { codes: readonly string[] } | undefined;

/** Codes of an app beside the password. */
export function TwoFactor({ isOn }: { isOn: boolean }) {
  const [step, setStep] = useState<Step>();
  const queries = useQueryClient();
  const close = () => setStep(undefined);
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: accountQuery.queryKey });
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  return (
    <AccountSection
      title="Second factor"
      lead="With your password a code of an app on your phone is asked for. A passkey counts as both."
      action={
        isOn ? (
          <div className="flex flex-wrap items-center gap-2">
            <Badge tone="good">on</Badge>
            <Button onClick={() => setStep('codes')}>New backup codes</Button>
            <Button look="danger" onClick={() => setStep('disable')}>
              Switch off
            </Button>
          </div>
        ) : (
          <Button look="primary" onClick={() => setStep('set-up')}>
            Set up
          </Button>
        )
      }
    >
      {step === 'set-up' ? <SetUpTwoFactor onDone={refresh} onClose={close} /> : null}
      {step === 'disable' ? (
        <PasswordQuestion
          title="Switch the second factor off?"
          lead="Your password alone will let whoever knows it in."
          action="Switch off"
          isDanger
          run={async (password) => {
            await disableTwoFactor(password);
            await refresh();
            close();
          }}
          onClose={close}
        />
      ) : null}
      {step === 'codes' ? (
        <PasswordQuestion
          title="New backup codes"
          lead="Those that you have stop working."
          action="Make new codes"
          run={async (password) => setStep({ codes: (await createBackupCodes(password)).backupCodes })}
          onClose={close}
        />
      ) : null}
      {typeof step === 'object' ? <BackupCodes codes={step.codes} onClose={close} /> : null}
    </AccountSection>
  );
}
