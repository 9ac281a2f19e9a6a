-- Ten parts become one instead of five: a row of a hundred columns and its index are written anew less often.
ALTER TABLE spans MODIFY SETTING merge_selector_base = 10;
ALTER TABLE contents MODIFY SETTING merge_selector_base = 10;
