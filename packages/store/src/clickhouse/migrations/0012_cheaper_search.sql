-- What helps to find a text was half of the work of storing a span. One hash of each four letters instead of three: a needle has
-- many of them, and all have to be there by chance before a granule is read in vain. Loads leave it to merges.
ALTER TABLE spans DROP INDEX IF EXISTS search_ngrams;
ALTER TABLE contents DROP INDEX IF EXISTS content_ngrams;
-- The texts of a received span stand in its attributes: what a list shows of them would be looked through twice.
ALTER TABLE spans MODIFY COLUMN search_text String MATERIALIZED lowerUTF8(concat(trace_id, '\n', request_id, '\n',
    model, '\n', model_asked, '\n', error_code, '\n', error_message, '\n',
    if(source = 'otlp', '', concat(input_preview, '\n', output_preview, '\n')),
    name, '\n', trace_name, '\n', user_id, '\n', session_id, '\n', service, '\n', release, '\n', prompt_name, '\n',
    tool_name, '\n', gateway_request_id, '\n', arrayStringConcat(tags, ' '), '\n', substring(attributes, 1, 8192)))
    CODEC(ZSTD(1));
ALTER TABLE spans ADD INDEX IF NOT EXISTS search_grams search_text TYPE ngrambf_v1(4, 65536, 1, 0) GRANULARITY 1;
ALTER TABLE contents ADD INDEX IF NOT EXISTS content_grams lowerUTF8(content) TYPE ngrambf_v1(4, 16384, 1, 0) GRANULARITY 1;
-- What is stored already is indexed in the background.
ALTER TABLE spans MATERIALIZE INDEX search_grams;
ALTER TABLE contents MATERIALIZE INDEX content_grams;
