-- Keys of people's devices. The sign-in library makes its own tables later, in another schema, so nothing refers to them.
create table passkeys (
  id text primary key,
  user_id text not null,
  name text not null check (name <> ''),
  credential_id text not null unique,
  public_key bytea not null,
  -- How often the device signed, where it counts; one that goes back is a copy.
  counter bigint not null check (counter >= 0),
  transports text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_of_user on passkeys (user_id, created_at);

-- What a device was asked to sign: good once, for a few minutes, for whom it was made.
create table passkey_challenges (
  digest text primary key,
  challenge text not null,
  purpose text not null check (purpose in ('create', 'sign-in')),
  user_id text,
  session_id text,
  expires_at timestamptz not null,
  check ((purpose = 'create') = (user_id is not null and session_id is not null))
);
create index passkey_challenges_expiry on passkey_challenges (expires_at);

-- Failed tries, by digests of addresses and accounts.
create table sign_in_attempts (
  key text primary key,
  failures integer not null check (failures >= 0),
  last_at timestamptz not null,
  blocked_until timestamptz
);
create index sign_in_attempts_age on sign_in_attempts (last_at);

-- Where an account has signed in from, by digests: tries from elsewhere never keep it out there.
create table sign_in_places (
  account text not null,
  place text not null,
  last_at timestamptz not null,
  primary key (account, place)
);
create index sign_in_places_age on sign_in_places (last_at);

-- One-time codes that were used, for as long as they would be good again.
create table used_codes (
  user_id text not null,
  digest text not null,
  used_at timestamptz not null,
  primary key (user_id, digest)
);
create index used_codes_age on used_codes (used_at);
