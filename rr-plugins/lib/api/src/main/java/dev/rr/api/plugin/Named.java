package dev.rr.api.plugin;

/**
 * Tells a {@code @Collects} method who offers.
 *
 * @param id the offering plugin's id
 * @param weight its weight
 */
public record Named(String id, int weight) {}
