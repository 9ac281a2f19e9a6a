-- Tokens of images that a model made, which are priced apart from its text.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS output_image Nullable(UInt64) CODEC(T64, ZSTD(1)) AFTER output_audio;
