import type { Session } from '@app/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { signOut } from '../../api/session.ts';
import { keepTheme, readTheme, type Theme } from '../../ui/theme.ts';

const itemLook =
  'flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-2 text-sm outline-none data-highlighted:bg-sunken';

const themes: { value: Theme; label: string; icon: ReactNode }[] = [
  { value: 'light', label: 'Light', icon: <Sun className="size-4" /> },
  { value: 'dark', label: 'Dark', icon: <Moon className="size-4" /> },
  { value: 'system', label: 'Like this machine', icon: <Monitor className="size-4" /> },
];

/** Who is signed in, the theme, the way out. */
export function AccountMenu({ user }: { user: Session['user'] }) {
  const [theme, setTheme] = useState(readTheme);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const choose = (value: Theme) => {
    keepTheme(value);
    setTheme(value);
  };
  const leave = async () => {
    await signOut();
    queries.clear();
    await navigate({ to: '/sign-in', search: {} });
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left hover:bg-sunken lg:p-2">
        <span
          aria-hidden="true"
          className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent-strong text-xs"
        >
          {user.name.slice(0, 1).toUpperCase()}
        </span>
        <span className="hidden min-w-0 flex-1 lg:block">
          <span className="block truncate font-medium text-sm">{user.name}</span>
          <span className="block truncate text-faint text-xs">{user.email}</span>
        </span>
        <ChevronsUpDown aria-hidden="true" className="hidden size-4 text-faint lg:block" />
        <span className="sr-only">Account menu</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-40 w-56 rounded-xl border border-line bg-raised p-1.5 shadow-raised"
        >
          <DropdownMenu.Item asChild>
            <Link to="/account" className={itemLook}>
              <UserRound className="size-4" /> Account
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
          <DropdownMenu.Label className="px-2.5 py-1.5 text-faint text-xs">Theme</DropdownMenu.Label>
          {themes.map(({ value, label, icon }) => (
            <DropdownMenu.Item key={value} onSelect={() => choose(value)} className={itemLook}>
              {icon}
              <span className="flex-1">{label}</span>
              {value === theme ? <Check aria-label="chosen" className="size-4 text-accent" /> : null}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
          <DropdownMenu.Item onSelect={leave} className={itemLook}>
            <LogOut className="size-4" /> Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
