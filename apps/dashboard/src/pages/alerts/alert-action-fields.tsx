import { AuditAction } from '@app/contract';
import { auditText } from '../audit/audit-text.ts';

type Props = { chosen: readonly string[]; onChange: (actions: string[]) => void };

/** Which of the things that can be done are worth a message; none chosen means all. */
export function AlertActionFields({ chosen, onChange }: Props) {
  const turn = (action: string) =>
    onChange(chosen.includes(action) ? chosen.filter((each) => each !== action) : [...chosen, action]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">When somebody …</legend>
      <div className="max-h-56 overflow-y-auto rounded-lg border border-field bg-surface px-3 py-2">
        {AuditAction.options.map((action) => (
          <label key={action} className="flex items-center gap-2.5 py-1 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(action)}
              onChange={() => turn(action)}
              className="size-4 accent-accent"
            />
            {auditText(action)}
          </label>
        ))}
      </div>
      <p className="text-faint text-xs">
        {chosen.length === 0 ? 'None is chosen: everything is told.' : `${chosen.length} chosen.`}
      </p>
    </fieldset>
  );
}
