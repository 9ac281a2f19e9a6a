import type { Member } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { When } from '../../ui/when.tsx';
import { mayChange } from './role-text.ts';

type Props = {
  member: Member;
  /** The role of whoever looks. */
  own: string;
  mayWrite: boolean;
  onAct: (action: 'role' | 'projects' | 'remove') => void;
};

const PROJECTS_SHOWN = 2;

export function MemberRow({ member, own, mayWrite, onAct }: Props) {
  const { name, email, role, projects, last_active_at, is_stale, two_factor } = member;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_2.25rem] items-center gap-x-4 gap-y-2 px-4 py-3.5 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)_8rem_2.25rem] lg:px-5">
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="min-w-0 font-semibold text-sm wrap-anywhere">{name}</bdi>
          {is_stale ? <Badge tone="warn">stale</Badge> : null}
          {two_factor ? null : <Badge>no second factor</Badge>}
        </p>
        <p className="text-soft text-xs wrap-anywhere">{email}</p>
      </div>
      <div className="lg:order-last">
        {mayWrite && mayChange(own, role) ? (
          <RowMenu
            label={`Actions for ${name}`}
            actions={[
              {
                label: role === null ? 'Give a role in everything' : 'Change role',
                run: () => onAct('role'),
              },
              { label: 'Roles in projects', run: () => onAct('projects') },
              { label: 'Remove', isDanger: true, run: () => onAct('remove') },
            ]}
          />
        ) : null}
      </div>
      <p className="col-span-2 flex min-w-0 flex-wrap gap-1.5 lg:col-span-1">
        {role === null ? null : <Badge tone={role === 'member' ? 'neutral' : 'accent'}>{role}</Badge>}
        {projects.slice(0, PROJECTS_SHOWN).map((each) => (
          <Badge key={each.project_id}>
            <span className="inline-block max-w-40 truncate align-bottom">{each.name}</span>: {each.role}
          </Badge>
        ))}
        {projects.length > PROJECTS_SHOWN ? (
          <span className="text-faint text-xs">and {projects.length - PROJECTS_SHOWN} more</span>
        ) : null}
      </p>
      <p className="col-span-2 text-faint text-xs lg:col-span-1">
        {last_active_at === null ? (
          'never here'
        ) : (
          <>
            here <When iso={last_active_at} />
          </>
        )}
      </p>
    </li>
  );
}
