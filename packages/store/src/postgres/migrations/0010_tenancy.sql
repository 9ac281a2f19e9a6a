-- The zone in which an organization's days and months begin, by its IANA name.
alter table organizations add column zone text not null default 'UTC' check (zone <> '');
