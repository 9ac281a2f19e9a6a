import type { ReactNode } from 'react';
import { Card } from '../../ui/card.tsx';
import { Logo } from './logo.tsx';

/** The frame of the pages before the sign-in. */
export function Gate({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <div className="flex justify-center">
          <Logo />
        </div>
        <Card className="flex flex-col gap-5 p-6 sm:p-7">
          <div className="flex flex-col gap-1.5">
            <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
            <p className="text-soft text-sm">{lead}</p>
          </div>
          {children}
        </Card>
      </div>
    </main>
  );
}
