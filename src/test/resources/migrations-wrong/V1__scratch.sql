create tabel scratch (id bigint);
