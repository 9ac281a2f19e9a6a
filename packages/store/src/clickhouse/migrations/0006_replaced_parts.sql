-- Parts that were written anew may leave the disk at once, because what they became is on it: a merge is synced first.
ALTER TABLE spans MODIFY SETTING old_parts_lifetime = 1, min_compressed_bytes_to_fsync_after_merge = 1;
ALTER TABLE contents MODIFY SETTING old_parts_lifetime = 1, min_compressed_bytes_to_fsync_after_merge = 1;
ALTER TABLE trace_index MODIFY SETTING old_parts_lifetime = 1, min_compressed_bytes_to_fsync_after_merge = 1;
ALTER TABLE repriced MODIFY SETTING old_parts_lifetime = 1, min_compressed_bytes_to_fsync_after_merge = 1;
