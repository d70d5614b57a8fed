package com.deloton.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** Removes from a table what is not part of its current snapshot, so that replaced days and erased riders do not stay in files. */
final class Cleanup {
    /** Files of a run that lost its lock without noticing are younger. */
    static final Duration ORPHAN_AGE = Duration.ofHours(1);

    private Cleanup() {}

    /** Files deleted that no snapshot knows: those of runs that did not end. */
    static int run(Table table, Duration orphanAge) {
        table.refresh();
        if (table.currentSnapshot() != null) {
            table.expireSnapshots()
                    .expireOlderThan(System.currentTimeMillis())
                    .retainLast(1)
                    .commit();
            table.refresh();
        }
        Set<String> live = liveFiles(table);
        SupportsPrefixOperations files = (SupportsPrefixOperations) table.io();
        long before = System.currentTimeMillis() - orphanAge.toMillis();
        List<String> orphans = new ArrayList<>();
        int found = 0;
        for (FileInfo file : files.listPrefix(table.location() + "/")) {
            if (live.contains(file.location())) {
                found++;
            } else if (file.createdAtMillis() <= before) {
                orphans.add(file.location());
            }
        }
        if (found != live.size()) {
            throw new ArchiveException("%s has %d files, but %d of them are listed in %s; nothing was deleted there."
                    .formatted(table.name(), live.size(), found, table.location()));
        }
        orphans.forEach(files::deleteFile);
        return orphans.size();
    }

    private static Set<String> liveFiles(Table table) {
        Set<String> live = new HashSet<>(ReachableFileUtil.metadataFileLocations(table, false));
        live.addAll(ReachableFileUtil.manifestListLocations(table));
        for (Snapshot snapshot : table.snapshots()) {
            for (ManifestFile manifest : snapshot.allManifests(table.io())) {
                live.add(manifest.path());
            }
            try (CloseableIterable<FileScanTask> tasks =
                    table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
                tasks.forEach(task -> live.add(task.file().location()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return live;
    }
}
