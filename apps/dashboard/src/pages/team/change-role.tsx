import type { Member, Role } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { updateMember } from '../../api/members.ts';
import { sessionQuery } from '../../api/session.ts';
import type { OwnOrganization } from '../../api/use-organization.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { roleHint, rolesBelow } from './role-text.ts';

type Props = { organization: OwnOrganization; member: Member; onClose: () => void };

export function ChangeRole({ organization, member, onClose }: Props) {
  const [role, setRole] = useState<Role>(member.role ?? 'member');
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: () => updateMember(organization.id, member.user_id, role),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['members', organization.id] });
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal
      title={`The role of ${member.name}`}
      lead="It holds in every project of the organization, from the next request on."
      onClose={onClose}
    >
      {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
      <SelectField
        label="Role"
        value={role}
        options={rolesBelow(organization.role)}
        hint={roleHint[role]}
        onChange={setRole}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          isBusy={saving.isPending}
          disabled={role === member.role}
          onClick={() => saving.mutate()}
        >
          Change role
        </Button>
      </div>
    </Modal>
  );
}
