-- Key pairs to whose public halves callers encrypt their own provider keys. The private half is in `sealed` alone. A
-- generation is made once, by whichever server comes first; its row goes when it is accepted no longer.
create table inline_keys (
  generation integer primary key,
  kid text not null unique,
  public_pem text not null,
  sealed bytea not null,
  created_at timestamptz not null,
  -- Until then it is handed out; from then on the next generation is.
  replaced_at timestamptz not null,
  expires_at timestamptz not null
);
