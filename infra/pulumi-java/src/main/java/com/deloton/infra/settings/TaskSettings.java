package com.deloton.infra.settings;

import com.deloton.infra.settings.Settings.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the images and sizes of tasks. */
final class TaskSettings {
    /** In MiB: below, the heap and the memory outside it do not fit. */
    private static final int SMALLEST_MEMORY = 1024;

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private TaskSettings() {}

    /** Empty only if the stack is paused. */
    static Optional<String> imageDigest(SettingsReader reader, String key) {
        boolean paused = reader.flag("paused", false);
        String digest = reader.check(
                key,
                reader.text(key, "", DIGEST, "sha256: and 64 hexadecimal digits"),
                text -> paused || !text.isEmpty(),
                "the digest of a pushed image, unless paused is true");
        return Optional.of(digest).filter(text -> !text.isEmpty());
    }

    static Tasks service(SettingsReader reader, String name, int min, int max, int cpu, int memory) {
        int least = reader.integer(name + "Min", min, 1, 100);
        return sized(
                reader,
                name,
                least,
                reader.check(
                        name + "Max",
                        reader.integer(name + "Max", max, 1, 100),
                        most -> most >= least,
                        "at least " + name + "Min"),
                cpu,
                memory);
    }

    /** Of a job that runs at times, as one task. */
    static Tasks job(SettingsReader reader, String name, int cpu, int memory) {
        return sized(reader, name, 0, 1, cpu, memory);
    }

    private static Tasks sized(SettingsReader reader, String name, int min, int max, int cpu, int memory) {
        int units = reader.check(
                name + "Cpu",
                reader.integer(name + "Cpu", cpu, 256, 16384),
                List.of(256, 512, 1024, 2048, 4096, 8192, 16384)::contains,
                "256, 512, 1024, 2048, 4096, 8192 or 16384");
        return new Tasks(
                min,
                max,
                units,
                reader.check(
                        name + "Memory",
                        reader.integer(name + "Memory", memory, SMALLEST_MEMORY, 122_880),
                        mebibytes -> isFargateMemory(units, mebibytes),
                        "a size that Fargate offers for " + name + "Cpu, such as " + 2 * units));
    }

    /** Twice to eight times the CPU units, in steps; less at the top of 4, 8 and 16 virtual CPUs. */
    private static boolean isFargateMemory(int cpu, int mebibytes) {
        int step = cpu <= 4096 ? 1024 : cpu / 2;
        int most = cpu == 4096 ? 30_720 : cpu == 8192 ? 61_440 : cpu == 16_384 ? 122_880 : 8 * cpu;
        return mebibytes >= 2 * cpu && mebibytes <= most && mebibytes % step == 0;
    }
}
