import { AuditAction } from '@app/contract';
import { CheckList } from '../../ui/check-list.tsx';
import { auditText } from '../audit/audit-text.ts';

const options = AuditAction.options.map((action) => ({ value: action, label: auditText(action) }));

type Props = { chosen: readonly string[]; onChange: (actions: string[]) => void };

/** Which of the things that can be done are worth a message; none chosen means all. */
export function AlertActionFields({ chosen, onChange }: Props) {
  return (
    <div className="flex flex-col gap-1.5">
      <CheckList legend="When somebody …" options={options} chosen={chosen} onChange={onChange} />
      <p className="text-faint text-xs">
        {chosen.length === 0 ? 'None is chosen: everything is told.' : `${chosen.length} chosen.`}
      </p>
    </div>
  );
}
