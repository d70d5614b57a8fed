comment on table scratch is 'of the tests';
