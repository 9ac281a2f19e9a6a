import { type InputHTMLAttributes, useId } from 'react';
import { classNames } from './class-names.ts';

type Props = InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  hint?: string;
  problem?: string | undefined;
};

/** A labelled input whose hint or problem is read out with it. */
export function Field({ label, hint, problem, className, ...rest }: Props) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div className={classNames('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <input
        id={id}
        {...rest}
        aria-invalid={problem !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        className={classNames(
          'h-10 w-full rounded-lg border bg-surface px-3 text-sm placeholder:text-faint',
          problem === undefined ? 'border-field' : 'border-bad',
        )}
      />
      {note === undefined ? null : (
        <p
          id={`${id}-note`}
          className={classNames('text-xs', problem === undefined ? 'text-faint' : 'text-bad')}
        >
          {note}
        </p>
      )}
    </div>
  );
}
