import type { HourlyRow } from '@app/store';
import { comparedHours } from '../src/anomalies/compared-hours.ts';
import { findUnusual, nameOf, type Unusual } from '../src/anomalies/find-unusual.ts';

/** One hour of one subject of a made-up project. */
export type MadeHour = { calls: number; failed: number; nanos: number; p95Ms: number };

/** A made-up project: the hours of its subjects, oldest first, and where something is planted in them. */
export type MadeProject = {
  name: string;
  /** `kind:id`, with `project:` for the whole. */
  series: ReadonlyMap<string, readonly MadeHour[]>;
  planted: readonly { fromHour: number; hours: number; metric: 'spend' | 'errors' | 'calls' | 'latency' }[];
};

export type Replayed = {
  /** Hours that were looked at and hold nothing that was planted. */
  quietHours: number;
  /** Anomalies that began in such an hour. */
  falseAlarms: number;
  planted: number;
  found: number;
  /** Hours from its beginning until each planted one was found. */
  delays: number[];
  /** The explanations of what was found, by where. */
  unusual: { hour: number; each: Unusual }[];
};

/** Looks at a made-up project hour by hour, as the server does, and counts what is found. */
export function replayHours(project: MadeProject, fromHour: number): Replayed {
  const total = project.series.get('project:')?.length ?? 0;
  let current = new Set<string>();
  const unusual: Replayed['unusual'] = [];
  let quietHours = 0;
  let falseAlarms = 0;
  const firsts = new Map<number, number>();
  for (let hour = fromHour; hour < total; hour += 1) {
    const found = findUnusual({ rows: rowsAt(project, hour), current });
    const near = project.planted.find(
      (each) => hour >= each.fromHour && hour < each.fromHour + each.hours + AFTER,
    );
    if (near === undefined) quietHours += 1;
    for (const each of found) {
      const name = nameOf(each.judged.metric, each.subject);
      if (!current.has(name)) unusual.push({ hour, each });
      if (near === undefined && !current.has(name)) falseAlarms += 1;
      if (near?.metric === each.judged.metric && !firsts.has(near.fromHour)) firsts.set(near.fromHour, hour);
    }
    current = new Set(found.map(({ judged, subject }) => nameOf(judged.metric, subject)));
  }
  const delays = [...firsts].map(([planted, hour]) => hour - planted);
  return { quietHours, falseAlarms, planted: project.planted.length, found: firsts.size, delays, unusual };
}

/** What was planted echoes for two days, in which it is part of the yesterday that hours are compared with. */
const AFTER = 50;

function rowsAt({ series }: MadeProject, hour: number): HourlyRow[] {
  return [...series].flatMap(([name, hours]) => {
    const [kind = '', subject = ''] = name.split(':');
    return [0, ...comparedHours].flatMap((hourBefore): HourlyRow[] => {
      const made = hours[hour - hourBefore];
      if (made === undefined || made.calls === 0) return [];
      return [{ kind: kind as HourlyRow['kind'], subject, hourBefore, ...made }];
    });
  });
}
