-- Who answers for a key, its labels, and what it is confined to: null confines nothing, an empty list would allow nothing.
alter table api_keys
  add column owner text,
  add column tags text[] not null default '{}',
  add column models text[],
  add column providers text[],
  add column ip_ranges text[],
  -- A rotated key and the one that took its place name each other.
  add column replaced_by text references api_keys (id),
  add column replaces text references api_keys (id),
  add constraint api_keys_confined check (
    cardinality(models) > 0 and cardinality(providers) > 0 and cardinality(ip_ranges) > 0
  );

-- A key is replaced once.
create unique index api_keys_by_replaced on api_keys (replaces) where replaces is not null;

-- What a server holds of a key now includes its labels and lists.
drop trigger keys_lock on api_keys;
drop trigger keys_number on api_keys;
drop trigger keys_notify on api_keys;

create trigger keys_lock before insert or update of
  name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers,
  ip_ranges, expires_at, revoked_at, sequence
  on api_keys for each statement execute function lock_key_changes();

create trigger keys_number before insert or update of
  name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers,
  ip_ranges, expires_at, revoked_at, sequence
  on api_keys for each row execute function number_key_change();

create trigger keys_notify after insert or update of
  name, kind, mode, environment, permissions, digest, requests_per_minute_max, concurrency_max, tags, models, providers,
  ip_ranges, expires_at, revoked_at, sequence
  on api_keys for each statement execute function notify_key_change();
