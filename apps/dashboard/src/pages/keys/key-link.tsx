import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type Props = { id: string; className?: string; children: ReactNode };

/** Where the focus returns when the key is closed. */
export const idOfKeyLink = (id: string): string => `key-${id}`;

/** Opens a key beside the list; being a link, it can be sent on. */
export function KeyLink({ id, className = '', children }: Props) {
  return (
    <Link
      id={idOfKeyLink(id)}
      from="/keys"
      to="/keys"
      search={(kept) => ({ ...kept, key: id })}
      resetScroll={false}
      preload={false}
      className={`rounded-sm decoration-line-strong underline-offset-4 hover:underline ${className}`}
    >
      {children}
    </Link>
  );
}
