import { isLoopback } from '../../config/is-loopback.ts';
import { type Check, found, inProduction, onlyInProduction } from '../check.ts';

export const logChecks: readonly Check[] = [
  {
    name: 'log-level',
    area: 'logs',
    title: 'Logs tell what operation needs.',
    why: 'Detailed logs tell more about callers than operation needs.',
    run: (facts) =>
      onlyInProduction(facts, () =>
        ['warn', 'error', 'fatal'].includes(facts.config.logLevel)
          ? []
          : [
              found(
                'warning',
                `The log level in production is ${facts.config.logLevel}.`,
                'Set TOKENROUTER_LOG_LEVEL to warn.',
              ),
            ],
      ),
  },
  {
    name: 'debug-output',
    area: 'logs',
    title: 'Nothing prints what libraries see.',
    why: 'Requests with their keys and prompts are written to the log by Node itself.',
    needs: ['runtime'],
    run: (facts) =>
      Object.keys(facts.runtime?.variables ?? {})
        .filter((name) => ['NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'DEBUG'].includes(name))
        .map((name) =>
          found(inProduction(facts, 'critical'), `${name} is set.`, `Remove ${name} from the environment.`),
        ),
  },
  {
    name: 'other-origins',
    area: 'origins',
    title: 'Pages of other sites call models only over HTTPS.',
    why: 'A page that came in the clear can be changed on its way, and the key in it read.',
    run: (facts) =>
      onlyInProduction(facts, () =>
        facts.config.file.cors.origins
          .filter((origin) => origin.startsWith('http:') || isLoopback(new URL(origin).hostname))
          .map((origin) =>
            found('warning', `cors.origins lists ${origin}.`, 'Take origins of development off the list.'),
          ),
      ),
  },
];
