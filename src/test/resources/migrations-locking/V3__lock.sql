alter table scratch add column note text;
