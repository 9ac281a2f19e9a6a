import { Link } from '@tanstack/react-router';
import { Empty } from '../../ui/page-status.tsx';

export function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <Empty title="There is no such page">
        <Link
          to="/"
          search={{ range: '24h' }}
          className="font-medium text-accent underline underline-offset-4"
        >
          Go to the overview
        </Link>
      </Empty>
    </main>
  );
}
