import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { Place, PlaceGroup } from './places.tsx';

/** On a phone these stand at the bottom, and the others behind three dots. */
const ON_PHONE = new Set<Place['to']>(['/', '/traces', '/keys', '/budgets']);

export function Navigation({ groups }: { groups: readonly PlaceGroup[] }) {
  const places = groups.flatMap((group) => group.places);
  return (
    <>
      <nav aria-label="Pages" className="hidden min-h-0 flex-col gap-5 overflow-y-auto lg:flex">
        {groups.map(({ title, places: own }) => (
          <div key={title} className="flex flex-col gap-1">
            <p className="px-2.5 font-medium text-faint text-xs">{title}</p>
            {own.map((place) => (
              <Entry key={place.to} place={place} />
            ))}
          </div>
        ))}
      </nav>
      <nav
        aria-label="Pages"
        className="fixed inset-x-0 bottom-0 z-30 flex justify-around border-line border-t bg-surface px-2 py-1.5 lg:hidden"
      >
        {places
          .filter(({ to }) => ON_PHONE.has(to))
          .map((place) => (
            <Entry key={place.to} place={place} />
          ))}
        <More places={places.filter(({ to }) => !ON_PHONE.has(to))} />
      </nav>
    </>
  );
}

const entryLook =
  'flex flex-col items-center gap-0.5 rounded-lg px-2 py-1 font-medium text-xs transition-colors lg:flex-row lg:gap-3 lg:px-2.5 lg:py-1.5 lg:text-sm';

function Entry({ place: { to, label, Icon } }: { place: Place }) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      activeProps={{ className: 'bg-accent-soft text-accent-strong', 'aria-current': 'page' }}
      inactiveProps={{ className: 'text-soft hover:bg-sunken hover:text-text' }}
      className={entryLook}
    >
      <Icon aria-hidden="true" className="size-4.5" />
      {label}
    </Link>
  );
}

function More({ places }: { places: readonly Place[] }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={`${entryLook} text-soft hover:bg-sunken data-[state=open]:bg-sunken`}>
        <Ellipsis aria-hidden="true" className="size-4.5" />
        More
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          side="top"
          sideOffset={8}
          className="z-40 w-52 rounded-xl border border-line bg-raised p-1.5 shadow-raised"
        >
          {places.map(({ to, label, Icon }) => (
            <DropdownMenu.Item key={to} asChild>
              <Link
                to={to}
                className="flex items-center gap-3 rounded-md px-2.5 py-2.5 text-sm outline-none data-highlighted:bg-sunken"
              >
                <Icon aria-hidden="true" className="size-4.5 text-soft" />
                {label}
              </Link>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
