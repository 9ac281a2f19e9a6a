export function Logo() {
  return (
    <span className="flex items-center gap-2.5 font-semibold text-[0.95rem] tracking-tight">
      <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7">
        <rect width="32" height="32" rx="8" className="fill-accent" />
        <path
          d="M7 16h6m0 0 5-6h7m-12 6 5 6h7"
          fill="none"
          className="stroke-on-accent"
          strokeWidth="2.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      TokenRouter
    </span>
  );
}
