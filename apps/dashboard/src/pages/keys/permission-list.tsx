import { Permission } from '@app/contract';
import { ChevronRight } from 'lucide-react';

const meanings: Partial<Record<Permission, string>> = {
  'inference:call': 'make calls',
  'models:read': 'list models',
  'responses:read': 'read stored responses',
  'traces:read': 'read traces, with their content',
  'analytics:read': 'read spend and usage',
  'keys:read': 'list keys',
  'keys:write': 'create, rotate and revoke keys',
  'budgets:write': 'set limits and budgets',
  'credentials:write': 'add and replace provider keys',
  'errors:debug': 'see what a provider said in an error',
};

type Props = { chosen: readonly Permission[]; onChange: (chosen: Permission[]) => void };

/** What a key may do; folded, because the defaults are right for an application. */
export function PermissionList({ chosen, onChange }: Props) {
  const known = Permission.options.filter((name) => meanings[name] !== undefined);
  const toggle = (name: Permission) =>
    onChange(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]);
  return (
    <details className="group rounded-lg border border-line">
      <summary className="flex cursor-pointer list-none items-center gap-2 px-3 py-2.5 text-sm">
        <ChevronRight
          aria-hidden="true"
          className="size-4 text-faint transition-transform group-open:rotate-90"
        />
        <span className="font-medium">Permissions</span>
        <span className="text-faint">{chosen.length} chosen</span>
      </summary>
      <ul className="flex flex-col border-line border-t px-3 py-2">
        {known.map((name) => (
          <li key={name}>
            <label className="flex cursor-pointer items-center gap-3 rounded py-1.5 text-sm">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={() => toggle(name)}
                className="size-4 accent-accent"
              />
              <span className="w-32 shrink-0 font-mono text-xs">{name}</span>
              <span className="text-soft">{meanings[name]}</span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
