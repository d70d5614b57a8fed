package com.deloton.gateway.tableau;

import com.deloton.gateway.config.AnalystConfig;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Tableau files of a deployment. They hold its database's address and a login's name, never a password. Safe for
 * use by several threads.
 */
public final class TableauFiles {
    public static final String SOURCE = "deloton.tds";
    public static final String READINGS = "deloton-readings.tds";
    public static final String WORKBOOK = "deloton.twb";
    /** What browsers are told the files are. */
    public static final String MEDIA_TYPE = "application/xml";

    private final AnalystConfig where;

    public TableauFiles(AnalystConfig where) {
        this.where = where;
    }

    /** The files there are, in order. */
    public static Set<String> names() {
        return new TreeSet<>(Set.of(SOURCE, READINGS, WORKBOOK));
    }

    /** A file's bytes, UTF-8 XML of some 100 kB; empty if there is no file of that name. Takes some milliseconds. */
    public Optional<byte[]> file(String name) {
        return switch (name) {
            case SOURCE -> Optional.of(new DataSource(DataSourceModel.RIDES, where).file());
            case READINGS -> Optional.of(new DataSource(DataSourceModel.READINGS, where).file());
            case WORKBOOK -> Optional.of(new Workbook(where).file());
            default -> Optional.empty();
        };
    }
}
