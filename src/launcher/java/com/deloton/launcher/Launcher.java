package com.deloton.launcher;

import java.lang.reflect.InvocationTargetException;

/**
 * The main class of both jars, compiled for Java 8: on a Java that cannot load the other classes it prints which Java is
 * needed, where the JVM would print an UnsupportedClassVersionError.
 */
public final class Launcher {
    private static final int REQUIRED = 25;

    private Launcher() {}

    public static void main(String[] arguments) throws Throwable {
        String version = System.getProperty("java.specification.version");
        if (feature(version) < REQUIRED) {
            System.err.println(message(version, System.getProperty("java.home")));
            System.exit(1);
        }
        try {
            mainClass().getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    static String message(String version, String home) {
        return "deloton-gateway needs Java " + REQUIRED + ", this is " + version + " (" + home
                + "); set JAVA_HOME to a JDK " + REQUIRED + " and run $JAVA_HOME/bin/java";
    }

    /** 8 for {@code 1.8}, 17 for {@code 17}. */
    static int feature(String version) {
        return Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
    }

    private static Class<?> mainClass() throws ClassNotFoundException {
        try {
            return Class.forName("com.deloton.gateway.LocalMain");
        } catch (ClassNotFoundException e) {
            return Class.forName("com.deloton.gateway.Main");
        }
    }
}
