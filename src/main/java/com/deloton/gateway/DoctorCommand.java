package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.doctor.Doctor;
import com.deloton.gateway.doctor.Finding;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: prints the state of everything that a gateway depends on. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Checks configuration, broker, topic, database, mail server and clock, and prints what to do about"
                        + " each fault. Changes nothing; takes at most 20 s.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no check failed; there may be warnings", "1:a check failed"},
        footerHeading = "%nExamples:%n",
        footer = "  doctor --config gateway.yaml")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        GatewayConfig config;
        try {
            config = options.load();
        } catch (ConfigException e) {
            e.problems()
                    .forEach(problem -> out.println(new Finding(Finding.Level.FAIL, "setting", problem.toString())));
            return 1;
        }
        out.println(new Finding(Finding.Level.OK, "settings", "roles " + config.roles()));
        List<Finding> findings = new Doctor(config, InstantSource.system()).examine();
        findings.forEach(out::println);
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL) ? 1 : 0;
    }
}
