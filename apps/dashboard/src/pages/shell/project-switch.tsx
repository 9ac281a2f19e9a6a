import type { Session } from '@app/contract';
import { useNavigate } from '@tanstack/react-router';

type Project = Session['projects'][number];
type Props = { project: Project; projects: readonly Project[] };

/** The project that is looked at, and the way to the same page of another where there are several. */
export function ProjectSwitch({ project, projects }: Props) {
  const navigate = useNavigate();
  if (projects.length < 2) return <ProjectName project={project} />;
  return (
    <label className="min-w-0 lg:px-2">
      <span className="sr-only">Project</span>
      <select
        value={project.id}
        onChange={(event) => navigate({ to: '.', search: { project: event.target.value } })}
        className="h-9 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-2 text-sm"
      >
        {[...Map.groupBy(projects, ({ organization }) => organization)].map(([organization, own]) => (
          <optgroup key={organization} label={organization}>
            {own.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** The organisation is named only where it says more than the project's own name. */
function ProjectName({ project }: { project: Project }) {
  return (
    <p className="min-w-0 truncate text-faint text-xs lg:px-2">
      {project.organization === project.name ? 'Project' : `${project.organization} /`}{' '}
      <span className="font-medium text-soft">{project.name}</span>
    </p>
  );
}
