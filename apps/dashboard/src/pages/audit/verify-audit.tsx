import type { AuditVerification } from '@app/contract';
import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { verifyAudit } from '../../api/audit.ts';
import { Button } from '../../ui/button.tsx';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';

/** Looks through the chain and says whether anybody changed it. */
export function VerifyAudit({ organization }: { organization: string }) {
  const verifying = useMutation({ mutationFn: () => verifyAudit(organization) });
  const isOpen = verifying.data !== undefined || verifying.error !== null;
  return (
    <>
      <Button isBusy={verifying.isPending} onClick={() => verifying.mutate()}>
        <ShieldCheck aria-hidden="true" className="size-4" /> Check the chain
      </Button>
      {isOpen ? (
        <Modal
          title="The chain of events"
          lead="Each event carries a code over itself and the one before it, under a key that is not in the table."
          closes
          onClose={() => verifying.reset()}
        >
          {verifying.error ? <Notice tone="bad">{verifying.error.message}</Notice> : null}
          {verifying.data ? <Outcome found={verifying.data} /> : null}
        </Modal>
      ) : null}
    </>
  );
}

const FAULTS_SHOWN = 20;

function Outcome({ found }: { found: AuditVerification }) {
  const { is_whole, faults, checked, first_sequence, last_sequence, anchors, last_anchor_at } = found;
  return (
    <>
      <Notice tone={is_whole ? 'good' : 'bad'}>
        {is_whole
          ? `All ${checked.toLocaleString('en-US')} events are as they were written.`
          : `Somebody changed this log: ${faults.length} ${faults.length === 1 ? 'fault was' : 'faults were'} found.`}
      </Notice>
      <FactList title="What was looked at">
        <Fact name="Events">
          {first_sequence === null ? 'none' : `${first_sequence} to ${last_sequence}`}
        </Fact>
        <Fact name="Signed copies">{anchors} outside the database</Fact>
        <Fact name="Newest copy">{last_anchor_at === null ? 'none yet' : formatMoment(last_anchor_at)}</Fact>
      </FactList>
      {faults.length === 0 ? null : (
        <ul className="flex flex-col gap-2 text-sm">
          {faults.slice(0, FAULTS_SHOWN).map(({ kind, sequence, message }) => (
            <li key={`${kind} ${sequence}`} className="wrap-anywhere">
              <span className="font-medium">
                {kind.replaceAll('_', ' ')}
                {sequence === null ? '' : ` at ${sequence}`}
              </span>
              : {message}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
