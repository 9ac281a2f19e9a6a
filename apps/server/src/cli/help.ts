export const help = `tokenrouter: one API before every model, and a trace of every call

Usage
  tokenrouter start                     run the gateway, the dashboard and their stores
  tokenrouter keys create --name NAME   make an API key and print it once
  tokenrouter keys list                 show the keys of a project
  tokenrouter keys rotate ID            put a new key in a key's place, with an overlap
  tokenrouter keys revoke ID            take a key back
  tokenrouter keys check [FILE...]      find keys of ours in files, without asking anybody
  tokenrouter keys rotate-master        wrap everything under a new master key
  tokenrouter keys wrap-master          have a master key encrypted by a key management service
  tokenrouter credentials create|list|rotate|enable|disable|delete|check
                                        keep keys of providers
  tokenrouter limits create|list|delete say how much and how fast may be called
  tokenrouter budgets create|list|show  say what may be spent, and grant more
  tokenrouter alerts list|test          show what watches calls, keys and people; try its destinations
  tokenrouter orgs create|list          organizations; also rename, zone and sign-in-policy
  tokenrouter projects create|list      projects of an organization; also rename
  tokenrouter members list|invite|change|remove
                                        who belongs to an organization
  tokenrouter users list|reset-link     accounts; also disable-two-factor and end-sessions
  tokenrouter prices show MODEL         say what a model costs, and by whose price
  tokenrouter re-price --from DAY       price calls of the past again; nothing changes without --apply
  tokenrouter mail test ADDRESS         send a mail by the server that is configured
  tokenrouter audit verify|list|export|prune
                                        what people, keys and the operator did
  tokenrouter data retention|export|delete|verify-receipt
                                        say how long calls are kept, take them along, delete them
  tokenrouter doctor                    check this deployment and say what to change
  tokenrouter help                      show this text
  tokenrouter version                   print the version

"tokenrouter keys --help" tells more, and so for each of them. Settings come from the environment and from
tokenrouter.yaml; docs/settings.md lists them all.
`;
