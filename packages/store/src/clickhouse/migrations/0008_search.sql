-- A text is looked for in the contents too. The filters are small, because a needle has many pieces of four letters: all of
-- them have to be there by chance before a granule is read in vain.
ALTER TABLE contents ADD INDEX IF NOT EXISTS content_ngrams lowerUTF8(content) TYPE ngrambf_v1(4, 16384, 3, 0) GRANULARITY 1;
-- Which spans refer to the contents that were found.
ALTER TABLE spans ADD INDEX IF NOT EXISTS content_digests_bloom content_digests TYPE bloom_filter(0.01) GRANULARITY 1;
-- What a search looks through in a span itself, in lower case: also the names that senders gave.
ALTER TABLE spans MODIFY COLUMN search_text String MATERIALIZED lowerUTF8(concat(trace_id, '\n', request_id, '\n',
    model, '\n', model_asked, '\n', error_code, '\n', error_message, '\n', input_preview, '\n', output_preview, '\n',
    name, '\n', trace_name, '\n', user_id, '\n', session_id, '\n', service, '\n', release, '\n', prompt_name, '\n',
    tool_name, '\n', gateway_request_id, '\n', arrayStringConcat(tags, ' '))) CODEC(ZSTD(1));
