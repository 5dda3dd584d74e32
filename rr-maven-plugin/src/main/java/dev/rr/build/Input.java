package dev.rr.build;

import java.nio.file.Path;

/**
 * One artifact that goes into the file.
 *
 * @param coordinates where it came from
 * @param file a jar, or a folder of classes
 */
public record Input(Coordinates coordinates, Path file) {}
