export const keysHelp = `tokenrouter keys: API keys, also while no server runs

  keys create --name NAME     make a key and print it, once, alone on standard output
      --mode live|test        test keys are answered by the built-in sandbox (default: live)
      --kind gateway|ingest   gateway keys call models, ingest keys send traces (default: gateway)
      --permission NAME       what the key may do; repeat it for several
                              (default: inference:call models:read responses:read)
      --environment NAME      (default: production for live keys, development for test keys)
      --expires TIME          a time like 2030-01-31T00:00:00Z, or from now, like 90d, 12h or 30m
      --owner TEXT            who answers for it: an e-mail address, a team
      --tag TEXT              a label that limits and reports can count by; may be repeated
      --model NAME            only this model, provider/model, or with a * at the end; may be repeated
      --provider ID           only this provider; may be repeated
      --ip RANGE              only from this address or range, 192.0.2.0/24 or 2001:db8::/32; may be repeated
      --requests-per-minute N, --concurrency N
  keys list                   show the keys, newest first
      --name TEXT  --kind K  --mode M  --owner TEXT  --tag TEXT
      --status active|expiring|expired|revoked      expiring: within two weeks
      --unused-since TIME     neither made nor used since, such as 30d
  keys show ID                everything about one key
  keys update ID              change it; takes the options of create but mode, kind and environment, and
      --expires never  --any-model  --any-provider  --any-ip  --no-owner  --no-tags
  keys rotate ID              print a new key with the same settings; the old one goes on for the overlap
      --overlap TIME          30m, 24h, 7d, at most 90d; 0 ends the old key at once (default: 24h)
      --expires TIME|never    when the new key ends (default: when the old one would have)
  keys revoke ID              take a key back for good
  keys usage [ID...]          requests, errors, tokens and cost; of the newest 200 keys where none is named
      --range 24h|7d|30d      (default: 24h)
  keys check [FILE...]        find our keys in files, or in standard input, without asking anybody; ends with
                              status 1 when there are any, and never prints a whole key
      --look-up               ask the store whose they are and whether they work
  keys import --name NAME     keep the digest of a key that was issued elsewhere, so that it goes on working;
      --file PATH             the key is read from this file, or from standard input, never from an option;
                              takes the options of create but kind, which its prefix tells

      --project NAME          slug or id of the project, for all but check (default: default)
      --json                  as JSON, for list, show, usage and check

A key is never shown again: TokenRouter keeps only a digest of it.
`;
