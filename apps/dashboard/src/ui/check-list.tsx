type Props = {
  legend: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
  onChange: (values: string[]) => void;
};

/** Any number of many, as boxes to tick. */
export function CheckList({ legend, options, chosen, onChange }: Props) {
  const turn = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">{legend}</legend>
      <div className="max-h-56 overflow-y-auto rounded-lg border border-field bg-surface px-3 py-2">
        {options.map(({ value, label }) => (
          <label key={value} className="flex min-w-0 items-center gap-2.5 py-1 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={() => turn(value)}
              className="size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0 truncate" title={label}>
              {label}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
