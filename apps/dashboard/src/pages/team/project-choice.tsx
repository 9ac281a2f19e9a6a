type Props = {
  projects: readonly { id: string; name: string }[];
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
};

/** Which projects somebody is to see. */
export function ProjectChoice({ projects, chosen, onChange }: Props) {
  const turn = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Projects</legend>
      <div className="max-h-48 overflow-y-auto rounded-lg border border-field bg-surface px-3 py-2">
        {projects.map(({ id, name }) => (
          <label key={id} className="flex min-w-0 items-center gap-2.5 py-1 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={() => turn(id)}
              className="size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0 truncate" title={name}>
              {name}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
