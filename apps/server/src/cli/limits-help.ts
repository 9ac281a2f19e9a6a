const common = `
      --project NAME          slug or id of the project, for all of them (default: default)
      --whole-organization    not of the project alone, but of the organization that it belongs to
`;

export const limitsHelp = `tokenrouter limits: what may be called, how much and how fast, also while no server runs

  limits create --name NAME --measure WHAT --max NUMBER
      --measure WHAT          requests, input_tokens, output_tokens, tokens, concurrency or cost
      --period PERIOD         minute, hour, day or month; concurrency has none
      --max NUMBER            the most of it; 0 allows nothing
      --max-usd AMOUNT        for cost, in US dollars, such as 25.00
      --scope KIND[:ID]       whose calls count: project, key, user, model or tag. "user:ann" is one of
                              them, "user" counts each by itself (default: the project)
      --shadow                count and tell, and refuse nothing
  limits list                 show the limits, newest first
      --json                  as JSON
  limits delete ID            end a limit
${common}
Limits of keys themselves are options of "keys create". docs/limits.md lists every limit.
`;

export const budgetsHelp = `tokenrouter budgets: what may be spent, and what happens then, also while no server runs

  budgets create --name NAME --amount USD
      --period day|month      (default: month)
      --scope KIND[:ID]       whose calls count: project, key, user, model or tag. "user:ann" is one of
                              them, "user" gives each an amount of its own (default: the project)
      --route MODEL           when it is spent, send calls to this model instead of refusing them
      --ask                   when it is spent, refuse and ask the owner, who can grant more
      --warn PERCENTS         when to tell the owner (default: 50,80,95)
      --owner WHO             who is told and asked: an e-mail address or a name
      --carry-over            add what a period leaves to the next one, up to one amount
      --strict                never lower a call to what is left; reserve a token for every byte of input
      --shadow                count and tell, and refuse nothing
  budgets list                show the budgets and how they stand
      --json                  as JSON, exact to the nano-dollar
  budgets show ID             one budget, and what it did lately
      --json                  as JSON
  budgets grant ID --amount USD
      --for NAME              whose amount, where each user or key has one
      --reason TEXT           kept beside the grant
  budgets delete ID           end a budget
${common}`;
