-- Parts of a few loads keep their hundred columns in one file: a file of each column costs more to write than what is in it.
ALTER TABLE spans MODIFY SETTING min_bytes_for_wide_part = 134217728;
-- Which loads told of a trace, so that one that no load before knew need not be joined with what is stored.
ALTER TABLE trace_index
    ADD COLUMN IF NOT EXISTS first_token SimpleAggregateFunction(min, String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS last_token SimpleAggregateFunction(max, String) CODEC(ZSTD(1));
-- Short texts of a received span stand in the span itself, and are looked for there.
ALTER TABLE spans MODIFY COLUMN search_text String MATERIALIZED lowerUTF8(concat(trace_id, '\n', request_id, '\n',
    model, '\n', model_asked, '\n', error_code, '\n', error_message, '\n', input_preview, '\n', output_preview, '\n',
    name, '\n', trace_name, '\n', user_id, '\n', session_id, '\n', service, '\n', release, '\n', prompt_name, '\n',
    tool_name, '\n', gateway_request_id, '\n', arrayStringConcat(tags, ' '), '\n', substring(attributes, 1, 8192)))
    CODEC(ZSTD(1));
