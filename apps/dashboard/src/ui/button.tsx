import type { ButtonHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  plain: 'bg-surface text-text border-line-strong hover:bg-sunken',
  quiet: 'bg-transparent text-soft border-transparent hover:bg-sunken hover:text-text',
  danger: 'bg-surface text-bad border-line-strong hover:bg-bad-soft',
};

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: Look;
  isBusy?: boolean;
  /** For one that holds an icon alone. */
  isSquare?: boolean;
  /** For a button inside a line of text. */
  isSmall?: boolean;
};

export function Button(props: Props) {
  const { look = 'plain', isBusy = false, isSquare = false, isSmall = false, ...others } = props;
  const { className, children, disabled, ...rest } = others;
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || isBusy}
      aria-busy={isBusy}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-lg border font-medium transition-colors',
        isSmall ? 'h-7 px-2.5 text-xs' : `h-9 text-sm ${isSquare ? 'w-9' : 'px-3.5'}`,
        'disabled:cursor-not-allowed disabled:opacity-55',
        looks[look],
        className,
      )}
    >
      {isBusy ? <Spinner /> : null}
      {children}
    </button>
  );
}

function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="size-3.5 motion-safe:animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  );
}
