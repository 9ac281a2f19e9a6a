import type { Member } from '@app/contract';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { membersQuery, removeMember } from '../../api/members.ts';
import type { OwnOrganization } from '../../api/use-organization.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { MoreOf } from '../../ui/more-of.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ChangeRole } from './change-role.tsx';
import { MemberRow } from './member-row.tsx';
import { ProjectRoles } from './project-roles.tsx';

type Step = { name: 'role' | 'projects' | 'remove'; member: Member } | undefined;
type Show = 'all' | 'stale' | 'weak';

const shows = [
  { value: 'all', label: 'All' },
  { value: 'stale', label: 'Stale' },
  { value: 'weak', label: 'No second factor' },
] as const satisfies { value: Show; label: string }[];
const SHOWN = 100;

type Props = { organization: OwnOrganization; mayWrite: boolean };

/** Members, found by name, and what can be done about each. */
export function MemberList({ organization, mayWrite }: Props) {
  const [text, setText] = useState('');
  const [show, setShow] = useState<Show>('all');
  const [step, setStep] = useState<Step>();
  const members = useInfiniteQuery(membersQuery(organization.id));
  if (members.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (members.isError && members.data === undefined) {
    return <Failed message={members.error.message} onRetry={() => members.refetch()} />;
  }
  const all = members.data.pages.flatMap((page) => page.data);
  const staleDays = members.data.pages[0]?.stale_days ?? 90;
  const rows = all.filter((member) => fits(member, { text, show }));
  return (
    <>
      <div className="flex flex-wrap items-center gap-2.5">
        <SearchField
          label="Search members"
          placeholder="Search names and addresses"
          value={text}
          shortcut={step === undefined ? '/' : undefined}
          onChange={setText}
        />
        <Segmented label="Show" value={show} options={shows} onChange={setShow} />
      </div>
      {rows.length === 0 ? (
        <Card className="px-5 py-6 text-soft text-sm">
          {show === 'stale' ? `Everybody was here within ${staleDays} days.` : 'Nobody is like this.'}
        </Card>
      ) : null}
      <MoreOf
        items={rows}
        step={SHOWN}
        noun="members"
        draw={(shown) => (
          <Card className={shown.length === 0 ? 'hidden' : ''}>
            <ul aria-label="Members" className="divide-y divide-line">
              {shown.map((member) => (
                <MemberRow
                  key={member.user_id}
                  member={member}
                  own={organization.role}
                  mayWrite={mayWrite}
                  onAct={(name) => setStep({ name, member })}
                />
              ))}
            </ul>
          </Card>
        )}
      />
      {members.hasNextPage ? (
        <Button
          onClick={() => members.fetchNextPage()}
          isBusy={members.isFetchingNextPage}
          className="self-center"
        >
          Load more members
        </Button>
      ) : null}
      <Dialogs organization={organization} step={stepAsNow(step, all)} onClose={() => setStep(undefined)} />
    </>
  );
}

/** The member as they are after what the open dialog did. */
function stepAsNow(step: Step, members: readonly Member[]): Step {
  if (step === undefined) return undefined;
  return { ...step, member: members.find(({ user_id }) => user_id === step.member.user_id) ?? step.member };
}

function fits({ name, email, is_stale, two_factor }: Member, { text, show }: { text: string; show: Show }) {
  const isAsked = `${name} ${email}`.toLowerCase().includes(text.trim().toLowerCase());
  return isAsked && (show !== 'stale' || is_stale) && (show !== 'weak' || !two_factor);
}

type DialogsProps = { organization: OwnOrganization; step: Step; onClose: () => void };

function Dialogs({ organization, step, onClose }: DialogsProps) {
  const [kept, setKept] = useState<string[]>([]);
  const queries = useQueryClient();
  const remove = async ({ user_id }: Member) => {
    const { keys } = await removeMember(organization.id, user_id);
    setKept(keys.map(({ name }) => name));
    await queries.invalidateQueries({ queryKey: ['members', organization.id] });
  };
  return (
    <>
      {kept.length === 0 ? null : (
        <Notice tone="warn">{`They made keys that go on working: ${kept.join(', ')}. Revoke them under API keys if nobody else uses them.`}</Notice>
      )}
      {step?.name === 'role' ? (
        <ChangeRole organization={organization} member={step.member} onClose={onClose} />
      ) : null}
      {step?.name === 'projects' ? (
        <ProjectRoles organization={organization} member={step.member} onClose={onClose} />
      ) : null}
      {step?.name === 'remove' ? (
        <Confirm
          title={`Remove ${step.member.name}?`}
          lead="They lose every role here at once, in projects too. The API keys that they made belong to their projects and go on working."
          action="Remove member"
          run={() => remove(step.member)}
          onClose={onClose}
        />
      ) : null}
    </>
  );
}
