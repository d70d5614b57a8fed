package com.deloton.gateway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A directory that one process at a time uses, by a lock on its file {@code lock}. The operating system releases the lock
 * when the process ends, also after a kill.
 */
final class DataDirectory implements AutoCloseable {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the directory if it is missing, readable by its owner only, and locks it.
     *
     * @throws UnusableException if the directory is not writable
     * @throws LocalServers.StartException if another process holds the lock
     */
    static DataDirectory open(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path, mode("rwx------"));
            if (!Files.isWritable(path)) {
                throw new UnusableException(
                        "--data '%s' is not writable (owner: %s); expected a directory that this user may write"
                                .formatted(path, Files.getOwner(path).getName()));
            }
            FileChannel channel = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String owner = readPid(channel);
                channel.close();
                throw new LocalServers.StartException(inUse(path, owner));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectory(path, channel);
        } catch (IOException e) {
            throw new UnusableException(
                    "--data '%s' cannot be created or written (%s); expected a directory that this user may write"
                            .formatted(path, e),
                    e);
        }
    }

    /** The directory cannot be written. */
    static final class UnusableException extends LocalServers.StartException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }

        UnusableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Names the address of the running process once it has written its status file. */
    private static String inUse(Path path, String owner) {
        return LocalStatus.dashboardOf(path.resolve(LocalStatus.FILE), owner)
                .map(address -> "already running (process %s): %s".formatted(owner, address))
                .orElse(
                        "--data %s is in use by process %s; stop that process or choose another directory with --data DIR"
                                .formatted(path, owner));
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Replaces the file atomically where the file system can; only its owner may read it at any time. */
    static void writePrivate(Path file, String content) throws IOException {
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), file.getFileName().toString(), ".tmp", mode("rw-------"));
        try {
            Files.writeString(draft, content);
            try {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(20);
        channel.read(buffer, 0);
        String pid = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        return pid.isBlank() ? "(unknown)" : pid;
    }

    private static FileAttribute<?>[] mode(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
