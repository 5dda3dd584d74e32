package dev.rr.kernel;

/**
 * A running plugin that cannot go on.
 *
 * @param plugin its id
 * @param cause what happened
 */
public record Failure(String plugin, Throwable cause) {}
