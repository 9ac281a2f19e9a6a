-- What was stored before an index was added is indexed too, in the background and part by part.
ALTER TABLE spans MATERIALIZE INDEX users;
ALTER TABLE spans MATERIALIZE INDEX sessions;
ALTER TABLE spans MATERIALIZE INDEX content_digests_bloom;
ALTER TABLE contents MATERIALIZE INDEX content_ngrams;
