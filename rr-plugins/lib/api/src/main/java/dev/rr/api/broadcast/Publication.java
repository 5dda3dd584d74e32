package dev.rr.api.broadcast;

/**
 * What is published.
 *
 * @param topic not empty; two topics are the same when their texts are, no character is a wildcard
 * @param payload any bytes, also none; shared, so nobody changes them
 */
public record Publication(String topic, byte[] payload) {}
